package mailbox

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// What is in the inbox two.
const (
	daily  = "[DAILY] café é, new"
	lookup = "RE: path lookup, opened"
)

// soon is when a program writes that had read the inbox before us.
const soon = moment / 2

// A legacy program that has read the inbox before us writes it after us.
func TestAnUndoneChangeIsMadeAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		edit   func(*Doc) error
		stale  string // what that program writes
		want   []string
		closed []string
		kind   Kind
	}{
		"delivering":                          {deliverOnce(letter("ours")), two, []string{"ours, new", daily, lookup}, nil, Delivered},
		"opening":                             {openFirst, two, []string{"[DAILY] café é, opened", lookup}, nil, Changed},
		"removing":                            {removeFirst, two, []string{lookup}, nil, Removed},
		"archiving":                           {archiveFirst, two, []string{lookup}, []string{"[DAILY] café é"}, Archived},
		"archiving what the other has opened": {archiveFirst, viewed, []string{lookup}, []string{"[DAILY] café é"}, Archived},
	} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := put(t, two)
				var c counter
				later(t, soon, func() { overwrite(t, dir, tt.stale) })

				changes, err := legacyAt(dir, Options{Observer: &c}).Update(t.Context(), tt.edit)

				must(t, err)
				wantMail(t, dir, tt.want...)
				wantClosed(t, dir, tt.closed...)
				if len(changes) != 1 || changes[0].Kind != tt.kind {
					t.Errorf("got changes %v, want one %s", changes, tt.kind)
				}
				if c.lost.Load() != 1 {
					t.Errorf("%d lost updates, want 1", c.lost.Load())
				}
			})
		})
	}
}

func TestALetterThatWasUndoneKeepsItsID(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		l := letter("ours")
		for n := range 3 {
			later(t, soon+time.Duration(2*n)*moment, func() { overwrite(t, dir, two) })
		}
		var ids []string
		_, err := legacyAt(dir, Options{}).Update(t.Context(), func(d *Doc) error {
			err := d.Deliver(l)
			ids = append(ids, d.Messages()[0].ID)
			return err
		})
		must(t, err)
		wantMail(t, dir, "ours, new", daily, lookup)
		if len(slices.Compact(ids)) != 1 {
			t.Errorf("got ids %q, want one", ids)
		}
	})
}

func TestAChangeThatIsUndoneAgainAndAgainIsGivenUp(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		for n := range 2 * maxRounds {
			later(t, soon+time.Duration(n)*moment, func() {
				lock, err := os.Open(filepath.Join(dir, aipass.InboxLock)) // so that nobody reads it half written
				must(t, err)
				defer lock.Close()
				must(t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX))
				overwrite(t, dir, two)
			})
		}
		err := legacyAt(dir, Options{}).Deliver(t.Context(), letter("never"))
		if !errors.Is(err, ErrUndone) || !strings.Contains(err.Error(), filepath.Join(dir, aipass.InboxFile)) {
			t.Errorf("got %v, want %v with the name of the inbox", err, ErrUndone)
		}
	})
}

// Modern programs take the lock, all that matter.
func TestAModernMailboxIsNotLookedAtAgain(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		start := time.Now()
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("ours")))
		if waited := time.Since(start); waited != 0 {
			t.Errorf("waited %v", waited)
		}
	})
}

// Close writes the inbox first, and only then the archive.
func TestALetterThatIsClosedAtOnceIsNotDeliveredAgain(t *testing.T) {
	for _, where := range []string{aipass.ClosedMailDir, aipass.PurgedMailDir} {
		t.Run(where, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := put(t, two)
				later(t, soon, func() {
					ours := newestOf(t, inbox(t, dir))
					overwrite(t, dir, two)
					later(t, moment, func() { putClosed(t, filepath.Join(dir, where), ours) })
				})
				var c counter
				must(t, legacyAt(dir, Options{Observer: &c}).Deliver(t.Context(), letter("ours")))
				wantMail(t, dir, daily, lookup)
				if c.lost.Load() != 0 {
					t.Errorf("%d lost updates, want none", c.lost.Load())
				}
			})
		})
	}
}

func TestTheInboxMayBeBrokenForAnInstantWhenItIsLookedAtAgain(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		later(t, soon, func() {
			ours := inbox(t, dir)
			rewrite(t, dir, ours[:len(ours)/2])
			later(t, moment, func() { rewrite(t, dir, ours) })
		})
		must(t, legacyAt(dir, Options{}).Deliver(t.Context(), letter("ours")))
		wantMail(t, dir, "ours, new", daily, lookup)
	})
}

// putClosed archives a message as AIPass does.
func putClosed(t *testing.T, dir string, raw []byte) {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o755))
	data, err := closed(raw, `"2026-02-19T08:00:03"`)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "20260219_080003_x.json"), data, 0o644))
}

// The edits go by what they find, as all must.

func deliverOnce(l *Letter) func(*Doc) error { return func(d *Doc) error { return d.Deliver(l) } }

func openFirst(d *Doc) error {
	if m := find(d, "3fa9c01e"); m != nil && m.Status == aipass.NewMail {
		return d.Open(m)
	}
	return nil
}

func removeFirst(d *Doc) error {
	if m := find(d, "3fa9c01e"); m != nil {
		d.Remove(m)
	}
	return nil
}

func archiveFirst(d *Doc) error {
	if m := find(d, "3fa9c01e"); m != nil {
		return d.Archive(m)
	}
	return nil
}
