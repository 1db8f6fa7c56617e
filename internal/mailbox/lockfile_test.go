package mailbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// AIPass's programs would wait for a lock file that has lost its name, and for
// what holds it, for ever.
func TestTheLockFileIsNeverRemovedOrReplaced(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	lock := filepath.Join(dir, aipass.InboxLock)
	must(t, os.WriteFile(lock, nil, 0o600))
	before, err := os.Lstat(lock)
	must(t, err)
	m := at(dir, Options{})
	refuse := errors.New("no")
	for name, edit := range map[string]func(*Doc) error{
		"a delivery": func(d *Doc) error { return d.Deliver(letter("one more")) },
		"archiving":  func(d *Doc) error { return d.Archive(d.Messages()[0]) },
		"nothing":    func(*Doc) error { return nil },
		"an error":   func(*Doc) error { return refuse },
	} {
		if _, err := m.Update(t.Context(), edit); err != nil && !errors.Is(err, refuse) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.Lstat(lock); err != nil || !os.SameFile(before, after) {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

// Whoever has the lock removes what killed writers have left, and might take
// the beginnings of a lock file for that.
func TestTwoMayMakeTheLockFileAtOnce(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			dir := put(t, two)
			h := hooks{when + " link .inbox.lock": func() {
				must(t, at(dir, Options{}).Deliver(t.Context(), letter("faster")))
			}}
			must(t, at(dir, h.in(Options{})).Deliver(t.Context(), letter("slower")))
			wantMail(t, dir, "slower, new", "faster, new", daily, lookup)
		})
	}
}

// Nothing may be kept open: the lock is given back by closing the file.
func TestTheLockIsGivenBack(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	refuse := errors.New("no")
	for name, edit := range map[string]func(*Doc) error{
		"a delivery": func(d *Doc) error { return d.Deliver(letter("one more")) },
		"nothing":    func(*Doc) error { return nil },
		"an error":   func(*Doc) error { return refuse },
	} {
		_, _ = at(dir, Options{}).Update(t.Context(), edit) // see the test above
		f, err := os.Open(filepath.Join(dir, aipass.InboxLock))
		must(t, err)
		if err := wait(soonOver(t), f); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
		must(t, f.Close())
	}
}

// soonOver gives a test some seconds. Another that is just starting a process
// has all our files open for an instant, locks and all.
func soonOver(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitOver)
	t.Cleanup(cancel)
	return ctx
}
