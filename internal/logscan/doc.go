// Package logscan counts log messages by level for a program that lives for a
// tenth of a second an hour: it remembers how far it has read each log, and
// goes on from there, through rotation, truncation and crashes.
//
// A [Counter] takes a look at a host, reads what is new in its logs, saves how
// far it came together with what it has counted, and only then says what that
// is; so nothing is counted twice, and what was gone before it could be read is
// counted as lost, in bytes.
//
// It keeps none of a log's text, watches no files, writes nothing but its state
// and never follows a symbolic link.
package logscan
