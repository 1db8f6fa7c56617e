// Package preview draws the dashboards for the documentation: their panels by
// place, kind, unit and thresholds, from a real Prometheus that has the demo day,
// with a plotting library, photographed in a browser that nobody sees.
//
// It is not Grafana, and says so in every picture: colors and letters differ there.
// make preview runs it; make test does not.
package preview
