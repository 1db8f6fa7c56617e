package mailbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A session is one Update, over all its rounds.
type session struct {
	Mailbox
	dir     folder
	changes []Change
	rounds  int
	// archived are the archive files made, with the message that each is for.
	archived map[string]Key
	// strays are what other programs did to files that had lost their name.
	strays []stray
	// replaced is the document in place while a rescued one is being edited.
	replaced *Doc
}

// maxAttempts is how often an inbox is edited anew in one round because it was
// rewritten under our hands.
const maxAttempts = 100

func (m Mailbox) begin() (*session, error) {
	dir, err := m.o.openFolder(m.dir)
	if err != nil {
		return nil, err
	}
	return &session{Mailbox: m, dir: dir, archived: map[string]Key{}}, nil
}

func (s *session) end() { s.dir.close() }

// round takes the lock and brings the inbox into the state that edit wants;
// changed is false if it was in that state.
func (s *session) round(ctx context.Context, edit func(*Doc) error) (changed bool, err error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	s.rounds++
	src, err := s.read(ctx)
	for range maxAttempts {
		if err != nil {
			return changed, err
		}
		var written bool
		var next *source
		next, written, err = s.attempt(ctx, src, edit)
		src.close()
		changed = changed || written
		if next == nil && !errors.Is(err, errOvertaken) {
			return changed, err
		}
		if src = next; src == nil {
			s.o.Observer.TornRead()
			src, err = s.read(ctx)
		}
	}
	if src != nil {
		src.close()
	}
	return changed, fmt.Errorf("%s: %w", s.dir.path(aipass.InboxFile), ErrBusy)
}

// lock takes the lock, once it is sure that the inbox may be replaced.
func (s *session) lock(ctx context.Context) (unlock func(), err error) {
	src, err := openSource(s.dir)
	if err != nil {
		return nil, err
	}
	defer src.close()
	if err := src.mayReplace(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.LockTimeout)
	defer cancel()
	start := time.Now()
	unlock, err = acquire(ctx, s.dir, src.own)
	s.o.Observer.LockWaited(time.Since(start))
	return unlock, err
}

func (s *session) read(ctx context.Context) (*source, error) {
	src, err := openSource(s.dir)
	if err != nil {
		return nil, err
	}
	if err := src.read(ctx, s.o.Observer.TornRead); err != nil {
		src.close()
		return nil, err
	}
	return src, nil
}

// undone looks again after a moment, without the lock, whether the inbox is
// still as edit wants it. A message that is gone may have been closed by a
// program that archives it only afterwards, so a second moment passes before
// anything is done about it.
func (s *session) undone(ctx context.Context, edit func(*Doc) error) (bool, error) {
	if err := pause(ctx, moment); err != nil {
		return false, fmt.Errorf("look again at %s: %w", s.dir.path(aipass.InboxFile), err)
	}
	if doc, err := s.look(ctx, edit); err == nil && doc.isAsWanted() {
		return false, nil
	}
	return true, pause(ctx, moment)
}

func (s *session) look(ctx context.Context, edit func(*Doc) error) (*Doc, error) {
	src, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	defer src.close()
	if err := src.mayReplace(); err != nil {
		return nil, err
	}
	return s.edited(src, edit)
}
