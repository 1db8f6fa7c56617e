// Package pages tests the pages that people read: the commands that they show
// are run, their links lead somewhere, their words are spelled as in a
// dictionary.
//
// Pages are Markdown. Commands run as they stand, on a demo host in a directory
// of the test, with the real programs; substitutions_test.go lists all that is
// changed of them, and what stands in for the few that cannot be run.
package pages
