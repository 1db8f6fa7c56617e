package aipass

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// Traffic is how much mail a branch got and sent in a span of time.
type Traffic struct {
	Received int // whether it is still in the inbox or closed already
	Sent     int
	Err      error // why there may be more
}

// Traffic counts the mail of every branch of a look, in their order, that was
// sent from one moment until before another. Closed mail and copies of sent
// mail are files of their own: those not written since are not opened.
func (t Tree) Traffic(ctx context.Context, s *Snapshot, from, to time.Time) []Traffic {
	return await(ctx, t, func(l *looker) []Traffic {
		counts := make([]Traffic, len(s.Branches))
		for i := range s.Branches {
			counts[i] = l.traffic(&s.Branches[i], from, to)
		}
		return counts
	}, func(why error) []Traffic {
		counts := make([]Traffic, len(s.Branches))
		for i := range counts {
			counts[i].Err = why
		}
		return counts
	})
}

func (l *looker) traffic(b *Branch, from, to time.Time) Traffic {
	t := Traffic{Err: b.Inbox.Err}
	if b.Inbox.State() == Missing {
		t.Err = nil
	}
	within := func(m Message) bool {
		sent, dated := m.Sent()
		return dated && !sent.Before(from) && sent.Before(to)
	}
	for _, m := range b.Inbox.Value.Messages {
		if within(m) {
			t.Received++
		}
	}
	for _, dir := range [...]string{ClosedMailDir, PurgedMailDir, SentMailDir, archivedMail + SentMailDir} {
		n, err := l.letters(filepath.Join(b.MailboxDir(), dir), from, within)
		if strings.HasSuffix(dir, SentMailDir) {
			t.Sent += n
		} else {
			t.Received += n
		}
		t.Err = errors.Join(t.Err, err)
	}
	return t
}

// maxLetters bounds what a directory of letters may make a look do.
const maxLetters = 100_000

// letters counts those of a directory that are within a span that begins with
// from. One that cannot be read is some letter of any time: it is not counted.
func (l *looker) letters(dir string, from time.Time, within func(Message) bool) (n int, err error) {
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if absentFile(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer d.Close()
	for seen := 0; ; {
		entries, err := d.ReadDir(1024)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if seen += len(entries); seen > maxLetters {
			err = fmt.Errorf("more than %d letters: %w", maxLetters, jsonfile.ErrTooLarge)
		}
		if err == nil {
			err = l.ctx.Err()
		}
		if err != nil {
			return n, &fs.PathError{Op: "read", Path: dir, Err: err}
		}
		for _, e := range entries {
			if m, ok := l.letter(dir, e, from); ok && within(m) {
				n++
			}
		}
	}
}

// letter reads one, if it was written since from.
func (l *looker) letter(dir string, e fs.DirEntry, from time.Time) (m Message, ok bool) {
	if !strings.HasSuffix(e.Name(), ".json") || !e.Type().IsRegular() {
		return m, false
	}
	info, err := e.Info()
	if err != nil || info.ModTime().Before(from.Truncate(time.Second)) {
		return m, false
	}
	f := load(l, filepath.Join(dir, e.Name()), "", func(d *jsonfile.Decoder) (Message, error) {
		if err := wantObject(d); err != nil {
			return m, err
		}
		return parseMessage(d, l.tree.options.Location)
	})
	return f.Value, f.OK()
}
