// Package cleanup looks after mail that nobody looks after: new mail that has
// waited for too long is opened, and the branch told so in one notice; mail
// that has been open for too long is closed. What a run did stands in its
// journal, and [Undo] puts it back.
//
// It judges by the one look that the metrics come from, opens only the
// mailboxes in which that look found something, and decides again under the
// lock. It never touches mail that starts agents, mail whose time cannot be
// read or is yet to come, or mail that cannot be told from another.
package cleanup
