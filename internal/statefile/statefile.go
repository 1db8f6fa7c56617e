// Package statefile keeps a program's small state between runs: JSON files,
// replaced whole, a name for the build that wrote them, and a lock for programs
// of which one at a time is enough.
//
// What is not JSON of the right shape is set aside under another name, for it
// may be the only copy of something. What cannot be read at all is an error,
// and the caller must leave it alone. The package knows nothing of what the
// state means.
package statefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/atomicfile"
)

// A SetAsideError says that a state file was unusable and where it is now.
type SetAsideError struct {
	Path string // where it is now
	Err  error  // what was wrong with it
}

func (e *SetAsideError) Error() string {
	return fmt.Sprintf("set aside as %s: %v", e.Path, e.Err)
}

func (e *SetAsideError) Unwrap() error { return e.Err }

// Peek reads the state at path into into, which stays as it is if there is no
// file or another error. It changes nothing.
func Peek[T any](path string, into *T) error {
	return PeekAt(path, func(r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		var state T
		if err := json.Unmarshal(data, &state); err != nil {
			return err
		}
		*into = state
		return nil
	})
}

// ErrUnusable says that a file has been read and makes no sense: Load sets it aside.
var ErrUnusable = errors.New("not what was saved")

// PeekAt is Peek for state that is too large to be held twice: parse, which is
// not called if there is no file, reads it.
func PeekAt(path string, parse func(io.Reader) error) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load state: %w", err)
	}
	defer f.Close()
	file := reader{r: f}
	err = parse(&file)
	switch {
	case file.err != nil:
		return fmt.Errorf("load state: %w", file.err)
	case err != nil:
		return fmt.Errorf("load state: %w: %w", ErrUnusable, err)
	}
	return nil
}

// A reader tells a file that cannot be read from one that makes no sense.
type reader struct {
	r   io.Reader
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// Load is Peek, but that a file that is not what Save writes is renamed; the
// error is then a *SetAsideError, and the caller can go on without state.
func Load[T any](path string, into *T) error {
	return setAside(path, Peek(path, into))
}

// Read is to PeekAt what Load is to Peek.
func Read(path string, parse func(io.Reader) error) error {
	return setAside(path, PeekAt(path, parse))
}

// setAside renames the file if err says that it is of no use.
func setAside(path string, err error) error {
	if !errors.Is(err, ErrUnusable) {
		return err
	}
	aside := fmt.Sprintf("%s.corrupt-%s", path, time.Now().UTC().Format("20060102T150405.000000000"))
	if renameErr := os.Rename(path, aside); renameErr != nil {
		return fmt.Errorf("%w: %w", err, renameErr)
	}
	return &SetAsideError{aside, err}
}

// Save replaces the state at path, readable by its owner only, making the
// directory if need be.
func Save(path string, state any) error {
	data, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

// Write is Save for state that is too large to be held twice.
func Write(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := atomicfile.Replace(path, write, atomicfile.Options{Mode: 0o600}); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

// lockPause is how long Lock waits between two tries.
const lockPause = 2 * time.Millisecond

// Lock is TryLock that waits, for as long as ctx lets it, until nobody else has
// the lock.
func Lock(ctx context.Context, path string) (unlock func(), held bool, err error) {
	for {
		unlock, held, err = TryLock(path)
		if !held || ctx.Err() != nil {
			return unlock, held, err
		}
		pause := time.NewTimer(lockPause)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// TryLock takes the lock file at path, making it and its directory if need
// be, for as long as the process lives or until unlock. held says that
// somebody else has it. The file stays.
func TryLock(path string) (unlock func(), held bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, fmt.Errorf("lock: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return func() {
			// Closing alone would leave it with a child that is just being started.
			_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
			f.Close()
		}, false, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, true, nil
	}
	return nil, false, fmt.Errorf("lock %s: %w", path, err)
}
