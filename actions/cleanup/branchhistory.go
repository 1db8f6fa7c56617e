package cleanup

import (
	"slices"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A BranchHistory is what a run did to a branch.
type BranchHistory struct {
	Branch   string
	Opened   int
	Closed   int
	Finished bool
	Err      string
	Undone   bool // all of it

	changes  []changeRecord
	original string
	result   string
}

// add takes what was about to be done; of a message of which that was said
// twice, the last counts.
func (b *BranchHistory) add(m *mailboxRecord) {
	for _, c := range m.Changes {
		b.changes = slices.DeleteFunc(b.changes, func(old changeRecord) bool { return old.key() == c.key() })
		b.changes = append(b.changes, c)
	}
	b.original, b.result, b.Undone = m.Original, m.Result, false
	b.Opened, b.Closed = b.count(mailbox.Changed), b.count(mailbox.Archived)
}

// finish forgets what was about to be done and was not, for somebody was
// faster. After an error nobody can be sure.
func (b *BranchHistory) finish(done *doneRecord) {
	b.Finished, b.Err = true, done.Err
	if done.Err != "" || done.Changed == nil {
		return
	}
	b.changes = slices.DeleteFunc(b.changes, func(c changeRecord) bool { return !slices.Contains(done.Changed, c.key()) })
	b.Opened, b.Closed = b.count(mailbox.Changed), b.count(mailbox.Archived)
}

func (b *BranchHistory) count(kind mailbox.Kind) int {
	n := 0
	for _, c := range b.changes {
		if c.Kind == kind {
			n++
		}
	}
	return n
}

// undo forgets what has been put back: what the branch did about it since is
// its own affair.
func (b *BranchHistory) undo(message string) {
	b.Undone = b.Undone || message == ""
	b.changes = slices.DeleteFunc(b.changes, func(c changeRecord) bool { return b.Undone || c.ID == message })
}

func (c *changeRecord) key() mailbox.Key {
	return mailbox.Key{ID: c.ID, Timestamp: c.Timestamp, Subject: c.Subject}
}

// A Deed is what a run did, or was about to do, to a message.
type Deed struct {
	Kind                   mailbox.Kind
	ID, Timestamp, Subject string
}

// Deeds are what can be put back of a branch.
func (b *BranchHistory) Deeds() []Deed {
	var deeds []Deed
	for _, c := range b.changes {
		if c.Kind != mailbox.Delivered {
			deeds = append(deeds, Deed{c.Kind, c.ID, c.Timestamp, c.Subject})
		}
	}
	return deeds
}
