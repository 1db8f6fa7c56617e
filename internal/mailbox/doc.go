// Package mailbox writes AI_Mail: the inbox.json of a branch and the archive of
// closed mail beside it, which Python programs of two generations read and
// write at the same time.
//
// Everything goes through [Mailbox.Update]. It holds AIPass's own lock, reads
// the inbox until it has a whole one, lets a function edit the document, and
// puts the result in place in one step. Programs of the legacy generation do
// not all take the lock, so Update also notices what they wrote in the meantime
// and starts anew from that, and looks again after a moment whether its own
// change is still there.
//
// Messages that an edit does not touch come out byte for byte. A message leaves
// the inbox only after it has been archived. What cannot be read is never
// written, what is not a regular file or belongs to somebody else is refused,
// and nothing is ever repaired by emptying it.
//
// The package does not decide which mail goes, starts no agents (what it
// delivers is never auto_execute), creates no mailboxes, and leaves dashboards
// alone.
package mailbox
