package jsonfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestAFileThatMayNotBeReadIsSaidToBeSo(t *testing.T) {
	t.Parallel()
	path := write(t, passable(t), "inbox.json", whole, time.Hour)
	read := func() (fs.FileInfo, reading, error) {
		var p reading
		var info fs.FileInfo
		var err error
		asNobody(t, func() { info, err = jsonfile.Read(t.Context(), path, "", p.parse) })
		return info, p, err
	}
	if _, p, err := read(); err != nil || p.text != whole {
		t.Fatalf("before: got %q, %v", p.text, err)
	}
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	info, p, err := read()
	if !errors.Is(err, fs.ErrPermission) || errors.Is(err, jsonfile.ErrMalformed) {
		t.Errorf("got %v, want %v", err, fs.ErrPermission)
	}
	if info != nil || p.calls != 0 {
		t.Errorf("got info %v and %d calls, want none", info, p.calls)
	}
}

func TestALockThatMayNotBeOpenedIsDoneWithout(t *testing.T) {
	atClock(t, func(t *testing.T, _ string) {
		dir := passable(t)
		path := write(t, dir, "inbox.json", half, 0)
		lock := hold(t, dir)
		if err := lock.Chmod(0); err != nil {
			t.Fatal(err)
		}
		var p reading
		var err error
		asNobody(t, func() {
			_, err = jsonfile.Read(t.Context(), path, lock.Name(), func(r io.Reader) error {
				if err := p.parse(r); p.calls < 4 { // two free tries, one after waiting for the lock
					return err
				}
				return nil
			})
		})
		if err != nil {
			t.Errorf("got %v after %d calls, want none after 4", err, p.calls)
		}
	})
}

// passable is a directory that every user may enter.
func passable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asNobody calls f as a user to whom file modes apply. If that takes a change,
// it is one of f's own thread, which ends with it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock it
		const nobody = 65534
		err := syscall.Setfsuid(nobody)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
