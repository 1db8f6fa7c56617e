package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OpenCopy opens a copy of the database in dir, or an empty one if there is none,
// in a temporary directory. What is in dir stays as it is, whoever has it open; what is
// written is forgotten with Close.
//
// The error is Open's. A copy that was damaged is an empty one then.
func OpenCopy(dir string, now time.Time, o Options) (*DB, error) {
	temp, err := os.MkdirTemp("", "aipass-history-")
	if err != nil {
		return nil, fmt.Errorf("copy history: %w", err)
	}
	copied := filepath.Join(temp, "tsdb")
	if err := copyAll(copied, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("copy history: %w", err), os.RemoveAll(temp))
	}
	db, err := Open(copied, now, o)
	if db == nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	db.temp = temp
	return db, err
}

func copyAll(to, from string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.CopyFS(to, os.DirFS(from))
}

// discard closes a copy, and removes it.
func (d *DB) discard() error {
	err := errors.Join(d.engine.Close(), d.tsdb.Close(), os.RemoveAll(d.temp))
	if err != nil {
		return fmt.Errorf("close copy of history: %w", err)
	}
	return nil
}
