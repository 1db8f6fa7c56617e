// Package stack tests the whole chain with the real servers: a file of a host
// breaks, and somebody finds mail about it.
//
// Prometheus, a pair of Alertmanagers and node_exporter are Debian's, on
// loopback, with the files that the project ships. Nothing of them is changed
// but what substitutions_test.go lists.
package stack
