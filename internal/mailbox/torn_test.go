package mailbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// patience is how long an inbox is waited for that somebody may be writing.
const patience = 2 * time.Second

func TestAnInboxThatIsHalfWrittenIsWaitedFor(t *testing.T) {
	for name, half := range map[string]string{"empty": "", "half": two[:len(two)/2], "all but the end": two[:len(two)-1]} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := put(t, two)
				rewrite(t, dir, half)
				start := time.Now()
				later(t, 305*time.Millisecond, func() { rewrite(t, dir, two) })
				var c counter
				must(t, at(dir, Options{Observer: &c}).Deliver(t.Context(), letter("patient")))
				if waited := time.Since(start); waited < 305*time.Millisecond || waited > 320*time.Millisecond {
					t.Errorf("waited %v, want 305ms and hardly more", waited)
				}
				if c.torn.Load() == 0 {
					t.Error("the observer was not told")
				}
				wantMail(t, dir, "patient, new", daily, lookup)
			})
		})
	}
}

func TestAnInboxThatStaysBrokenIsLeftAsItIs(t *testing.T) {
	for name, broken := range map[string]string{
		"empty":               "",
		"half":                two[:len(two)/2],
		"more behind the end": two + "}",
		"not UTF-8":           "{\"messages\": [{\"subject\": \"\xff\"}]}",
		"mail that is none":   `{"messages": [null]}`,
		"no list":             `{"messages": {}}`,
	} {
		t.Run(name, func(t *testing.T) {
			for age, want := range map[time.Duration]time.Duration{0: patience, time.Hour: readPause} {
				t.Run(age.String(), func(t *testing.T) {
					atClock(t, func(t *testing.T) {
						dir := put(t, two)
						lock := filepath.Join(dir, aipass.InboxLock)
						must(t, os.WriteFile(lock, nil, 0o644))
						overwrite(t, dir, broken)
						setAge(t, dir, age)
						before := files(t, dir)
						start := time.Now()

						err := at(dir, Options{}).Deliver(t.Context(), letter("never"))

						if !errors.Is(err, jsonfile.ErrMalformed) {
							t.Errorf("got %v, want %v", err, jsonfile.ErrMalformed)
						}
						if waited := time.Since(start); waited != want {
							t.Errorf("%v old: waited %v, want %v", age, waited, want)
						}
						if diff := cmp.Diff(before, files(t, dir)); diff != "" {
							t.Errorf("files (-before +after):\n%s", diff)
						}
					})
				})
			}
		})
	}
}

func TestAMissingInboxIsNotMade(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	must(t, os.Remove(filepath.Join(dir, aipass.InboxFile)))
	if err := at(dir, Options{}).Deliver(t.Context(), letter("never")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("there is %v now", got)
	}
}

// A look takes no lock, so it may find what Python's locked writers leave for
// an instant, too.
func TestALookWaitsForAWholeInbox(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		rewrite(t, dir, "")
		later(t, 305*time.Millisecond, func() { rewrite(t, dir, two) })
		seen := 0
		_, err := at(dir, Options{}).Look(t.Context(), func(d *Doc) error {
			seen = len(d.Messages())
			return nil
		})
		if err != nil || seen != 2 {
			t.Errorf("got %d messages, %v", seen, err)
		}
	})
}

// Of a file that shrinks and grows again while it is read, the beginning may
// come from one document and the end from another.
func TestAnInboxThatChangesWhileItIsReadIsReadAgain(t *testing.T) {
	for name, other := range map[string]string{
		"shorter": noMail,
		"longer":  viewed,
		"as long": strings.Replace(two, "1.50e+3", "2.50e+3", 1),
	} {
		for _, when := range []string{"before", "after"} {
			t.Run(name+" "+when, func(t *testing.T) {
				atClock(t, func(t *testing.T) {
					dir := put(t, two)
					rewrite(t, dir, two)
					h := hooks{when + " read inbox.json": func() { rewrite(t, dir, other) }}
					var seen string
					_, err := at(dir, h.in(Options{})).Look(t.Context(), func(d *Doc) error {
						seen = string(d.Original())
						return nil
					})
					must(t, err)
					if diff := cmp.Diff(other, seen); diff != "" {
						t.Errorf("what was edited (-in the file +got):\n%s", diff)
					}
				})
			})
		}
	}
}

func TestAnOldInboxThatSomebodyBeginsToWriteIsReadAgain(t *testing.T) {
	for name, half := range map[string]string{"empty": "", "half": two[:len(two)/2], "longer, so cut": viewed} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := put(t, two)
				h := hooks{"before read inbox.json": func() {
					rewrite(t, dir, half)
					later(t, readPause/2, func() { rewrite(t, dir, viewed) })
				}}
				must(t, at(dir, h.in(Options{})).Deliver(t.Context(), letter("ours")))
				wantMail(t, dir, "ours, new", "[DAILY] café é, opened", lookup)
			})
		})
	}
}

// rewrite overwrites an inbox at this very moment of a test's clock.
func rewrite(t *testing.T, dir, content string) {
	t.Helper()
	overwrite(t, dir, content)
	setAge(t, dir, 0)
}

func setAge(t *testing.T, dir string, age time.Duration) {
	t.Helper()
	stamp := time.Now().Add(-age)
	if err := os.Chtimes(filepath.Join(dir, aipass.InboxFile), stamp, stamp); err != nil {
		t.Error(err)
	}
}
