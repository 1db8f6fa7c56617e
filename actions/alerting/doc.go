// Package alerting is all that a Prometheus and an Alertmanager do, in one go, for
// runs from cron: what was scraped goes into the history, the rules are evaluated,
// and what Alertmanager would post to the receiver of alerts goes to the receiver's
// own desk.
//
// What both would remember is kept in a file between runs. The package knows no
// metric and no threshold: rules and routing are the caller's, and are files.
package alerting
