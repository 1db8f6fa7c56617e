// Package events says what AIPass's trigger is told of: a look at the host's
// health, memory files beyond their limit, a cleanup of mail. Names and fields
// are those of AIPass's design and of its handlers.
//
// It starts nothing, and remembers nothing by itself.
package events
