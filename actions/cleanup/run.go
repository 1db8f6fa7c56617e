package cleanup

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Run writes one run's file. It is safe for concurrent use. There is no file
// until something is recorded.
type Run struct {
	ID      string
	path    string
	started runRecord
	mu      sync.Mutex
	file    *os.File
	broken  error // nothing is written behind what may be half a record
}

// Changed says whether anything has been recorded.
func (r *Run) Changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.file != nil
}

// Close ends the writing.
func (r *Run) Close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// record writes what is about to be done to a branch's inbox.
func (r *Run) record(branch string, original, result []byte, changes []mailbox.Change) error {
	m := &mailboxRecord{Branch: branch, Original: string(original), Result: sum(result)}
	for _, c := range changes {
		rec := changeRecord{
			Kind: c.Kind, ID: c.Message.ID, Timestamp: c.Message.Timestamp, Subject: c.Message.Subject,
			After: string(c.After), Archive: c.Archive, Behind: c.Behind,
		}
		if c.Kind != mailbox.Delivered {
			rec.Before = string(c.Message.Raw())
		}
		m.Changes = append(m.Changes, rec)
	}
	return r.append(record{Mailbox: m})
}

func (r *Run) finish(branch string, changes []mailbox.Change, err error) error {
	done := &doneRecord{Branch: branch, Changed: []mailbox.Key{}}
	for _, c := range changes {
		done.Changed = append(done.Changed, c.Message.Key())
	}
	if err != nil {
		done.Err = err.Error()
	}
	if !r.Changed() {
		return nil // nothing was about to be done
	}
	return r.append(record{Done: done})
}

// append makes a record safe before the caller goes on.
func (r *Run) append(rec record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	err := r.open()
	if err == nil {
		err = appendTo(r.file, rec)
	}
	if err != nil {
		r.broken = fmt.Errorf("%w: %w", errJournal, err)
	}
	return r.broken
}

func (r *Run) open() error {
	if r.file != nil {
		return nil
	}
	dir := filepath.Dir(r.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = appendTo(f, record{Run: &r.started})
	for _, d := range [...]string{dir, filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} { // which may be new, too
		err = cmp.Or(err, syncDir(d))
	}
	if err != nil {
		f.Close()
		_ = os.Remove(r.path) // nothing is in it
		return err
	}
	r.file = f
	return nil
}
