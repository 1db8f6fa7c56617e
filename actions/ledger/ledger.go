package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/atomicfile"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// File is the name of the ledger in the state directory.
const File = "ledger.jsonl"

// rotations is how many full files are kept: .1 is the newest.
const rotations = 3

// patience is the longest wait for another program that is writing a line.
const patience = 2 * time.Second

// A Ledger is safe for concurrent use, by several programs too.
type Ledger struct {
	Path string
	// MaxSize is how large the file becomes before it is moved aside, in bytes.
	MaxSize int64

	mu      sync.Mutex
	waiting *batch     // what the next write takes along
	writing sync.Mutex // one write at a time
}

// A batch is written and synced in one step, for all who came meanwhile.
type batch struct {
	lines   []byte
	written bool
	err     error
}

// Append adds entries. They are on the disk when it returns.
func (l *Ledger) Append(entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	lines, err := encode(entries)
	if err != nil {
		return err
	}
	b := l.join(lines)
	l.writing.Lock()
	defer l.writing.Unlock()
	if !b.written {
		b.written, b.err = true, l.write(l.leave(b))
	}
	return b.err
}

// join adds lines to the batch that waits.
func (l *Ledger) join(lines []byte) *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = new(batch)
	}
	l.waiting.lines = append(l.waiting.lines, lines...)
	return l.waiting
}

// leave closes a batch: who comes now is too late for it.
func (l *Ledger) leave(b *batch) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = nil
	return b.lines
}

// write adds lines to the file, which is moved aside first if it is full.
func (l *Ledger) write(lines []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	unlock, held, err := statefile.Lock(ctx, l.Path+".lock")
	if held {
		err = errors.New("another program keeps it locked")
	}
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer unlock()
	if err := l.makeRoom(len(lines)); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	f, err := os.OpenFile(l.Path, os.O_RDWR|os.O_APPEND|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer f.Close()
	if err := add(f, lines); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// makeRoom moves a file aside that would become too large.
func (l *Ledger) makeRoom(more int) error {
	info, err := os.Lstat(l.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Size() == 0 || info.Size()+int64(more) <= l.MaxSize:
		return nil
	}
	for n := rotations; n > 0; n-- {
		if err := os.Rename(l.rotated(n-1), l.rotated(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (l *Ledger) rotated(n int) string {
	if n == 0 {
		return l.Path
	}
	return fmt.Sprintf("%s.%d", l.Path, n)
}

// add appends lines in one write. What a crash has left of a line is ended
// first, and of a write that fails nothing stays.
func add(f *os.File, lines []byte) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if size > 0 {
		var last [1]byte
		if _, err := f.ReadAt(last[:], size-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			lines = append([]byte("\n"), lines...)
		}
	}
	if _, err := f.Write(lines); err != nil {
		return errors.Join(err, f.Truncate(size))
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if size == 0 { // the name may be new as well
		return atomicfile.SyncDir(filepath.Dir(f.Name()))
	}
	return nil
}
