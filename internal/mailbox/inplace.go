package mailbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// errOvertaken: the inbox was rewritten after it was read; nothing has been
// written.
var errOvertaken = errors.New("rewritten since it was read")

// replace puts new content in the place of a source. A program without the
// lock may be rewriting the old file in place at any moment, even after it
// has lost its name; then rescued is that program's inbox, to be edited and put
// in place in its turn.
func (s *session) replace(ctx context.Context, src *source, data []byte) (rescued *source, err error) {
	removeLeftovers(s.dir, ".")
	f, temp, err := writeTemp(s.dir, "", data, src.own)
	if err != nil {
		return nil, err
	}
	if !src.untouched() {
		f.Close()
		return nil, errors.Join(errOvertaken, s.dir.remove(temp))
	}
	if err := s.dir.rename(temp, aipass.InboxFile); err != nil {
		f.Close()
		_ = s.dir.remove(temp) // the first error is the one to report
		return nil, err
	}
	err = s.syncInbox()
	// Only now, for whoever had looked the name up just before may have been
	// slow to begin.
	if rescued = s.rescue(ctx, src, f, data); rescued != nil {
		return rescued, nil
	}
	f.Close()
	return nil, err
}

// syncInbox makes the inbox that is in place survive a power cut.
func (s *session) syncInbox() error {
	if err := syncDir(s.dir, "."); err != nil {
		return fmt.Errorf("%w: %w", ErrNotDurable, err)
	}
	return nil
}
