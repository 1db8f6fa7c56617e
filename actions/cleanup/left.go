package cleanup

import (
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Left is a message that somebody had put back. The next cleanup would do the
// same to it again; it leaves it alone for as long as its status is what it
// was then.
type Left struct {
	Key    mailbox.Key
	Status string
}

// LeftAlone are such messages, by branch.
type LeftAlone map[string][]Left

// newLeft is what has been put back: what was opened is new again, what was
// closed is as it was.
func newLeft(c mailbox.Change) Left {
	if c.Kind == mailbox.Changed {
		return Left{c.Message.Key(), aipass.NewMail.String()}
	}
	return Left{c.Message.Key(), c.Message.Status.String()}
}

// of is what is left alone of a branch.
func (l LeftAlone) of(branch string) map[Left]bool {
	left := make(map[Left]bool, len(l[branch]))
	for _, m := range l[branch] {
		left[m] = true
	}
	return left
}
