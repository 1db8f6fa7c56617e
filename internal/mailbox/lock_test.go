package mailbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// waitOver is how long a test's mailbox waits for the lock.
const waitOver = 5 * time.Second

func TestALockThatPythonKeepsIsGivenUp(t *testing.T) {
	for name, l := range map[string]aipass.Layout{"ai_mail.local": aipass.Legacy, ".ai_mail.local": aipass.Modern} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), name)
				must(t, os.Rename(put(t, two), dir))
				agent := python(t, l, dir, "", "agent")
				agent.do("lock", "locked")
				before := files(t, dir)
				start := time.Now()

				var c counter
				m := At(dir, Options{Layout: l, LockTimeout: waitOver, Observer: &c})
				ctx, cancel := context.WithTimeout(t.Context(), 2*waitOver)
				defer cancel()
				err := m.Deliver(ctx, letter("late"))

				if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), filepath.Join(dir, ".inbox.lock")) {
					t.Errorf("got %v, want %v with the name of the lock file", err, ErrLocked)
				}
				if waited := time.Since(start); waited != waitOver || c.waited.Load() != int64(waitOver) {
					t.Errorf("waited %v and said %v, want %v", waited, time.Duration(c.waited.Load()), waitOver)
				}
				if diff := cmp.Diff(before, files(t, dir)); diff != "" {
					t.Errorf("files (-before +after):\n%s", diff)
				}
				agent.do("unlock", "unlocked")
				must(t, m.Deliver(t.Context(), letter("late")))
				wantMail(t, dir, "late, new", daily, lookup)
			})
		})
	}
}

func TestALockThatIsGivenBackInTimeIsTaken(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		agent := python(t, aipass.Modern, dir, "", "agent")
		agent.do("lock", "locked")
		start := time.Now()
		later(t, waitOver-time.Second, func() { agent.do("unlock", "unlocked") })
		must(t, at(dir, Options{LockTimeout: waitOver}).Deliver(t.Context(), letter("in time")))
		if waited := time.Since(start) - (waitOver - time.Second); waited < 0 || waited > 10*time.Millisecond {
			t.Errorf("went on %v after the lock was given back", waited)
		}
		wantMail(t, dir, "in time, new", daily, lookup)
	})
}

func TestTheEndOfTheRunEndsTheWaitForTheLock(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		python(t, aipass.Modern, dir, "", "agent").do("lock", "locked")
		start := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		later(t, time.Second, cancel)
		err := at(dir, Options{}).Deliver(ctx, letter("never"))
		if !errors.Is(err, ErrLocked) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v and %v", err, ErrLocked, context.Canceled)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %v, want 1s", waited)
		}
		if got := inbox(t, dir); got != two {
			t.Errorf("the inbox has become\n%s", got)
		}
	})
}

// Who gets the lock of a file that has lost its name holds one that nobody
// else sees.
func TestALockFileThatIsReplacedMeanwhileIsNotReliedOn(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		lock := filepath.Join(dir, aipass.InboxLock)
		older := python(t, aipass.Modern, dir, "", "older")
		older.do("lock", "locked")
		newer := python(t, aipass.Modern, dir, "", "newer")
		later(t, time.Second, func() {
			must(t, os.Remove(lock))
			newer.do("lock", "locked")
			older.do("unlock", "unlocked")
		})
		over := time.Now().Add(2 * time.Second)
		later(t, 2*time.Second, func() { newer.do("unlock", "unlocked") })
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("patient")))
		if time.Now().Before(over) {
			t.Errorf("delivered %v before the lock was given back", time.Until(over))
		}
	})
}

func TestARecordLockIsNotALock(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		python(t, aipass.Modern, dir, "", "stranger").do("recordlock", "locked")
		start := time.Now()
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("at once")))
		if waited := time.Since(start); waited != 0 {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestPythonWaitsForOurLock(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	agent := python(t, aipass.Modern, dir, "", "agent")
	other := python(t, aipass.Modern, dir, "", "other")
	l := letter("ours")
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		agent.do("trylock", "busy")
		other.tell("deliver theirs")
		return d.Deliver(l)
	})
	must(t, err)
	if got := other.answer(); got != "delivered theirs" {
		t.Errorf("the other says %q", got)
	}
	agent.do("lock", "locked")
	wantMail(t, dir, "theirs, new", "ours, new", daily, lookup)
}

// files are all files of a directory, with their content.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			var data []byte
			data, err = os.ReadFile(path)
			found[strings.TrimPrefix(path, dir+"/")] = string(data)
		}
		return err
	}))
	return found
}
