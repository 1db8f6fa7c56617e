// Package event tells other programs what has happened, by starting a command
// that the operator has given.
//
// There is no shell. The command's words are fixed before anything is known of
// the host, and a value from the host is never more than a part of one word. A
// command has its time; when that is over it is killed with its children. Whether
// it works changes nothing: failures are logged and counted.
//
// The package does not know what the events are about, and starts nothing else.
package event
