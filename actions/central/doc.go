// Package central keeps what AIPass gathers about all branches in its own
// folder up to date: its count of the mail, and HEALTH.central.json and
// METRICS.central.json, which AIPass's design names and none of its programs
// writes.
//
// It judges nothing. Health is what the alert rules found, metrics are what a
// look saw. It never makes AIPass's folder: a host without it does not want
// these files.
package central
