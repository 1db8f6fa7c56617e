// Package look is what the programs of this project share that look at a whole
// host and write down what they see: the flags, the counts of log messages, the
// faults that have been logged already, and the textfile.
//
// It reads the host and writes nothing below it.
package look
