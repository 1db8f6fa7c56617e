// Package demoday lives a day on the demo host and records it: its files change,
// the exporter looks once an hour, cleanups run, alerts fire and become mail. All
// of that is the programs' own code in one process, by a clock of its own, so
// that a day takes seconds. What a Prometheus would have of it is in a history,
// for queries, and as text, for a real Prometheus.
//
// It is no test of those programs, and its figures are a story: only how long
// something took is of this machine.
package demoday
