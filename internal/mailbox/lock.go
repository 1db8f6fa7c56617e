package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// lockPause is how long to wait between two tries to get the lock. Holders keep
// it for some milliseconds.
const lockPause = 2 * time.Millisecond

// acquire takes flock(2) on the mailbox's lock file, as AIPass does, and
// returns what gives it back. A POSIX record lock would not exclude Python. The
// file is made if need be, with the owner of the inbox, and never removed: a
// program that waits for the old one would hold a lock that nobody sees.
func acquire(ctx context.Context, dir folder, own ownership) (unlock func(), err error) {
	for {
		f, err := openLock(dir, own)
		if err != nil {
			return nil, err
		}
		if err := wait(ctx, f); err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", dir.path(aipass.InboxLock), err)
		}
		if same(dir, f) {
			return func() { f.Close() }, nil // closing gives it back
		}
		f.Close() // somebody has replaced the file meanwhile
		if err := pause(ctx, lockPause); err != nil {
			return nil, fmt.Errorf("%s: %w: %w", dir.path(aipass.InboxLock), ErrLocked, err)
		}
	}
}

func openLock(dir folder, own ownership) (file, error) {
	info, err := dir.lstat(aipass.InboxLock)
	if errors.Is(err, fs.ErrNotExist) {
		// Whoever has the lock already may take our temporary file for a leftover.
		if err := createLock(dir, own); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		info, err = dir.lstat(aipass.InboxLock)
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(dir, aipass.InboxLock, info)
	}
	f, err := dir.open(aipass.InboxLock, os.O_RDWR, 0) // NFS gives no lock for less
	if errors.Is(err, fs.ErrPermission) {
		return dir.open(aipass.InboxLock, os.O_RDONLY, 0)
	}
	return f, err
}

// createLock makes the file complete before it has its name: nobody may find
// one that they cannot open.
func createLock(dir folder, own ownership) error {
	f, temp, err := writeTemp(dir, "", nil, own)
	if err != nil {
		return err
	}
	f.Close()
	err = dir.link(temp, aipass.InboxLock)
	if errors.Is(err, fs.ErrExist) {
		err = nil // somebody was faster
	}
	return errors.Join(err, dir.remove(temp))
}

// wait tries until it has the lock or ctx ends.
func wait(ctx context.Context, f file) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			return fmt.Errorf("lock: %w", err)
		}
		if pause(ctx, lockPause) != nil {
			return fmt.Errorf("%w: %w", ErrLocked, context.Cause(ctx))
		}
	}
}

// same says whether the lock file is still the one that was opened.
func same(dir folder, f file) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	found, err := dir.lstat(aipass.InboxLock)
	return err == nil && os.SameFile(opened, found)
}

// pause waits, or returns why there is no time to.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
