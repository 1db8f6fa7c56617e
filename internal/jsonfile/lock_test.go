package jsonfile_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestReadWaitsForTheHolderOfTheLock(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		start := time.Now()
		path := write(t, dir, "inbox.json", half, 0)
		lock := hold(t, dir)
		const busy = 300 * time.Millisecond
		time.AfterFunc(busy, func() {
			write(t, dir, "inbox.json", whole, time.Hour)
			lock.Close()
		})
		var p reading
		_, err := jsonfile.Read(t.Context(), path, lock.Name(), p.parse)
		if err != nil || p.text != whole {
			t.Errorf("got %q, %v", p.text, err)
		}
		if waited := time.Since(start); waited < busy || waited > busy+10*time.Millisecond || p.calls != 3 {
			t.Errorf("got %d calls in %v, want 3 and the wait for the lock of %v", p.calls, waited, busy)
		}
	})
}

func TestReadHoldsTheLockWhileItParses(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", half, 0)
		write(t, dir, ".inbox.lock", "", time.Hour)
		var held []bool
		lock := filepath.Join(dir, ".inbox.lock")
		var p reading
		_, err := jsonfile.Read(t.Context(), path, lock, func(r io.Reader) error {
			held = append(held, !free(t, lock))
			if len(held) == 4 {
				return nil
			}
			return p.parse(r)
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := [4]bool{false, false, true, true}; [4]bool(held) != want {
			t.Errorf("got the lock held %t, want %t", held, want)
		}
		if !free(t, lock) {
			t.Error("the lock is still held")
		}
	})
}

func TestReadersShareTheLock(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", half, 0)
		write(t, dir, ".inbox.lock", "", time.Hour)
		lock := openLock(t, dir)
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_SH); err != nil {
			t.Fatal(err)
		}
		var p reading
		_, err := jsonfile.Read(t.Context(), path, lock.Name(), func(r io.Reader) error {
			if err := p.parse(r); p.calls < 4 {
				return err
			}
			return nil
		})
		if err != nil {
			t.Errorf("got %v after %d calls", err, p.calls)
		}
	})
}

func TestALockThatIsNeverGivenBackIsNotWaitedForForever(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want error
	}{"half": {half, refused}, "whole in the end": {whole, nil}} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T, dir string) {
				start := time.Now()
				path := write(t, dir, "inbox.json", half, 0)
				lock := hold(t, dir)
				time.AfterFunc(limit/2, func() { write(t, dir, "inbox.json", tt.text, 0) })
				var p reading
				_, err := jsonfile.Read(t.Context(), path, lock.Name(), p.parse)
				wantError(t, err, tt.want)
				if time.Since(start) != limit || p.text != tt.text {
					t.Errorf("got %q after %v, want %q after %v", p.text, time.Since(start), tt.text, limit)
				}
			})
		})
	}
}

func TestTheEndOfTheRunEndsTheWaiting(t *testing.T) {
	for name, after := range map[string]time.Duration{
		"between the free tries":     2 * time.Millisecond,
		"before the lock":            7 * time.Millisecond,
		"while waiting for the lock": 100 * time.Millisecond,
	} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T, dir string) {
				start := time.Now()
				path := write(t, dir, "inbox.json", half, 0)
				lock := hold(t, dir)
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				var p reading
				_, err := jsonfile.Read(ctx, path, lock.Name(), p.parse)
				if !errors.Is(err, jsonfile.ErrMalformed) && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if time.Since(start) != after {
					t.Errorf("took %v, want %v", time.Since(start), after)
				}
			})
		})
	}
}

func TestWhateverStandsInPlaceOfTheLockReadingGoesOn(t *testing.T) {
	for name, stand := range map[string]func(path string) error{
		"nothing":     func(string) error { return nil },
		"a directory": func(path string) error { return os.Mkdir(path, 0o755) },
		"a FIFO":      func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a loop":      func(path string) error { return os.Symlink(".inbox.lock", path) },
	} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T, dir string) {
				path := write(t, dir, "inbox.json", half, 0)
				lock := filepath.Join(dir, ".inbox.lock")
				if err := stand(lock); err != nil {
					t.Fatal(err)
				}
				var p reading
				_, err := jsonfile.Read(t.Context(), path, lock, func(r io.Reader) error {
					if err := p.parse(r); p.calls < 4 {
						return err
					}
					return nil
				})
				if err != nil || p.calls != 4 {
					t.Errorf("got %v after %d calls, want none after 4", err, p.calls)
				}
			})
		})
	}
}

// hold takes the lock as AIPass does: LOCK_EX on a file of its own.
func hold(t *testing.T, dir string) *os.File {
	t.Helper()
	write(t, dir, ".inbox.lock", "", time.Hour)
	lock := openLock(t, dir)
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return lock
}

func openLock(t *testing.T, dir string) *os.File {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, ".inbox.lock"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// free says whether a writer could take the lock.
func free(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Fatal(err)
	}
	return err == nil
}
