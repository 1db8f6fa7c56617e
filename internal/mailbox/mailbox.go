package mailbox

import (
	"context"
	"fmt"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

const (
	// lockTimeout is how long to wait for the lock if nobody says otherwise.
	lockTimeout = 10 * time.Second
	// moment is how long after a write to look whether it is still there. A
	// program without the lock writes some milliseconds after it has read.
	moment = 100 * time.Millisecond
	// maxRounds is how often a change is made again that such a program undid.
	maxRounds = 10
)

// A Mailbox is a directory with an inbox.json. It is safe for concurrent use,
// by this program and by others.
type Mailbox struct {
	dir string
	o   Options
}

// Options say how to treat a mailbox.
type Options struct {
	// Layout: programs of the legacy one do not all take the lock, so every
	// write is looked at again after a moment.
	Layout aipass.Layout
	// Location is the zone of AIPass's timestamps; nil is this machine's.
	Location *time.Location
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// LockTimeout is the longest wait for the lock; 0 is 10 s.
	LockTimeout time.Duration
	// Observer is told what happens; nil is nobody.
	Observer Observer

	openFolder func(path string) (folder, error) // set by tests
}

// An Observer is told of the race with other programs, from several goroutines
// if need be.
type Observer interface {
	LockWaited(time.Duration)
	TornRead()   // an inbox was read half written, and is read again
	LostUpdate() // an unlocked program overwrote a change, or nearly lost its own
}

type nobody struct{}

func (nobody) LockWaited(time.Duration) {}
func (nobody) TornRead()                {}
func (nobody) LostUpdate()              {}

// At is the mailbox in a directory. Nothing is looked at yet.
func At(dir string, o Options) Mailbox {
	if o.Location == nil {
		o.Location = time.Local
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockTimeout == 0 {
		o.LockTimeout = lockTimeout
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	if o.openFolder == nil {
		o.openFolder = openFolder
	}
	return Mailbox{dir, o}
}

// Update brings the inbox into the state that edit wants and returns what that
// took, a message's last change only. Where edit changes nothing, nothing is
// written.
//
// edit may be called again, with a document that somebody else has changed
// meanwhile, and must go by that alone; the call that counts is the last. With
// an error the inbox is as it was, but for ErrNotDurable and ErrUndone and for
// what the changes say.
func (m Mailbox) Update(ctx context.Context, edit func(*Doc) error) ([]Change, error) {
	s, err := m.begin()
	if err != nil {
		return nil, err
	}
	defer s.end()
	for range maxRounds {
		undone := false
		changed, err := s.round(ctx, edit)
		if err == nil && changed && m.o.Layout == aipass.Legacy {
			undone, err = s.undone(ctx, edit)
		}
		if err != nil {
			return s.changes, err
		}
		if !undone {
			return s.changes, nil
		}
	}
	return s.changes, fmt.Errorf("%s: %w", s.dir.path(aipass.InboxFile), ErrUndone)
}

// Look says what Update would do, and writes nothing, not even a lock file.
func (m Mailbox) Look(ctx context.Context, edit func(*Doc) error) ([]Change, error) {
	s, err := m.begin()
	if err != nil {
		return nil, err
	}
	defer s.end()
	doc, err := s.look(ctx, edit)
	if err != nil {
		return nil, err
	}
	return doc.changes, nil
}

// Deliver puts a letter into the inbox, as its newest message.
func (m Mailbox) Deliver(ctx context.Context, l *Letter) error {
	_, err := m.Update(ctx, func(d *Doc) error { return d.Deliver(l) })
	return err
}
