package jsonfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// How Read goes about a file that somebody is writing. A writer is between
// truncate and write for well under a millisecond, so one more look is nearly
// always enough; against a writer at full speed only the lock helps.
const (
	freeTries  = 2
	retryPause = 5 * time.Millisecond
	// lockPause is shorter: a writer at full speed leaves short gaps only.
	lockPause  = time.Millisecond
	retryLimit = 500 * time.Millisecond
	// lockLimit is the longest that the lock is kept from writers.
	lockLimit = 2 * time.Second
	// settled is the age from which on a file counts as not being written.
	settled = 2 * time.Second
	// tick is the coarsest clock that a kernel stamps files with (HZ=100): two
	// writes within it may leave the same stamp.
	tick = 10 * time.Millisecond
)

var (
	// ErrNotRegular says that something else than a file stands under the name.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTorn says that the file was being rewritten however often it was tried.
	ErrTorn = errors.New("rewritten while being read")
	// ErrTooLarge says that the file is larger than MaxSize.
	ErrTooLarge = errors.New("larger than 1 GiB")
)

// MaxSize is how much of a file is read, in bytes: reading must end some time,
// and a sparse file is larger than any disk.
const MaxSize = 1 << 30

// Read opens the file at path and hands its bytes to parse, again from the
// start if the file may have been half written: it changed while parse read
// it, was written so recently that a change would not show, or it ends too
// early (a half-written document is always the beginning of one) and the last
// write is fresh. After two tries it takes a shared flock(2) on the file lock,
// if that exists, and tries for half a second longer. parse must therefore
// forget what it learned at the call before; an error it returns should be an
// ErrMalformed.
//
// The FileInfo is of the opened file, nil if there is no file to be read. The
// error matches fs.ErrNotExist if there is no file, ErrMalformed if parse did
// not like it, ErrTorn if no try got a whole one, and names the path.
func Read(ctx context.Context, path, lock string, parse func(io.Reader) error) (fs.FileInfo, error) {
	var info fs.FileInfo
	var err error
	for range freeTries {
		var fresh bool
		if info, fresh, err = readOnce(ctx, path, parse); !fresh {
			return info, err
		}
		if pause(ctx, retryPause) != nil {
			return info, err
		}
	}
	retry, cancel := context.WithTimeout(ctx, retryLimit)
	defer cancel()
	defer shareLock(retry, lock)()
	held, release := context.WithTimeoutCause(ctx, lockLimit, ErrTorn)
	defer release()
	for {
		var fresh bool
		if info, fresh, err = readOnce(held, path, parse); err == nil || !fresh {
			return info, err
		}
		if pause(retry, retryPause) != nil {
			return info, err
		}
	}
}

// readOnce reads the file once; fresh says that trying again makes sense.
func readOnce(ctx context.Context, path string, parse func(io.Reader) error) (_ fs.FileInfo, fresh bool, _ error) {
	f, before, err := openRegular(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	sameTick := time.Since(before.ModTime()).Abs() < tick
	parseErr := parse(contextReader{ctx, io.LimitReader(f, MaxSize)})
	after, err := f.Stat()
	if err != nil {
		return before, false, err
	}
	if before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime()) {
		return after, true, fmt.Errorf("%s: %w", path, ErrTorn)
	}
	if parseErr == nil {
		return after, sameTick, nil
	}
	cut := errors.Is(parseErr, io.ErrUnexpectedEOF)
	if sameTick && !cut && errors.Is(parseErr, ErrMalformed) {
		// It may be the beginning of one document and the end of another.
		return after, true, fmt.Errorf("%s: %w", path, ErrTorn)
	}
	return after, cut && time.Since(after.ModTime()).Abs() < settled, named(path, parseErr)
}

// openRegular opens a regular file of bearable size. It looks before it opens,
// for opening a FIFO or a device does something to it, and looks again after.
func openRegular(path string) (*os.File, fs.FileInfo, error) {
	if _, err := checked(os.Stat(path)); err != nil {
		return nil, nil, named(path, err)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := checked(f.Stat())
	if err != nil {
		f.Close()
		return nil, nil, named(path, err)
	}
	return f, info, nil
}

func checked(info fs.FileInfo, err error) (fs.FileInfo, error) {
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, ErrNotRegular
	case info.Size() > MaxSize:
		return nil, ErrTooLarge
	}
	return info, nil
}

// contextReader ends a long read when the run's time is over.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// named makes an error name the path, unless it does already.
func named(path string, err error) error {
	if _, is := errors.AsType[*fs.PathError](err); is {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// shareLock takes a shared lock on an existing lock file and returns what
// gives it back. Without a lock file, or if a writer keeps it until ctx ends,
// there is nothing to give back and reading goes on without.
func shareLock(ctx context.Context, path string) (unlock func()) {
	if path == "" {
		return func() {}
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return func() {}
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) || pause(ctx, lockPause) != nil {
			return func() { f.Close() } // closing gives the lock back
		}
	}
}

// pause waits, or returns why there is no time to.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
