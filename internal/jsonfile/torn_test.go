package jsonfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// The clock of these tests is synctest's: Read's pauses take no time, and how
// long it waited can be told exactly. It starts in the year 2000, so a file
// that a test writes is fresh only if setAge makes it so.

// limit is how long Read goes on: two free tries and half a second.
const limit = 510 * time.Millisecond

// atClock runs a test in a bubble of its own clock.
func atClock(t *testing.T, test func(t *testing.T, dir string)) {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { test(t, dir) })
}

func TestAnOldFileThatIsBrokenIsTriedOnce(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		for _, age := range []time.Duration{time.Hour, 2 * time.Second, -time.Hour} {
			start := time.Now()
			path := write(t, dir, "inbox.json", half, age)
			var p reading
			info, err := jsonfile.Read(t.Context(), path, "", p.parse)
			wantError(t, err, refused)
			if p.calls != 1 || time.Since(start) != 0 || info == nil {
				t.Errorf("%v old: got %d calls in %v, want 1 at once; info %v", age, p.calls, time.Since(start), info)
			}
		}
	})
}

func TestAFreshFileThatStaysBrokenIsGivenUp(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		start := time.Now()
		path := write(t, dir, "inbox.json", half, 0)
		var p reading
		_, err := jsonfile.Read(t.Context(), path, filepath.Join(dir, ".inbox.lock"), p.parse)
		wantError(t, err, refused)
		if p.calls < 3 || time.Since(start) != limit {
			t.Errorf("got %d calls in %v, want some in %v", p.calls, time.Since(start), limit)
		}
	})
}

func TestAFileThatBecomesWholeMeanwhileIsRead(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", half, 0)
		second, repaired := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(repaired)
			<-second
			write(t, dir, "inbox.json", whole, time.Hour)
		}()
		var p reading
		_, err := jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
			err := p.parse(r)
			switch p.calls {
			case 2:
				close(second)
			case 3:
				<-repaired
			}
			return err
		})
		if err != nil || p.text != whole {
			t.Errorf("got %q, %v", p.text, err)
		}
	})
}

func TestAFileThatIsReplacedMeanwhileIsReadAnew(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", half, 0)
		var p reading
		_, err := jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
			if p.calls == 1 {
				next := write(t, dir, "next", whole, time.Hour)
				if err := os.Rename(next, path); err != nil {
					t.Error(err)
				}
			}
			return p.parse(r)
		})
		if err != nil || p.text != whole {
			t.Errorf("got %q, %v", p.text, err)
		}
	})
}

func TestAFileThatChangesOnceUnderReadingIsReadAgain(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"longer":           func(path string) error { return appendTo(path, " ") },
		"shorter":          func(path string) error { return os.WriteFile(path, []byte("[]"), 0o644) },
		"of the same size": func(path string) error { return os.WriteFile(path, []byte(whole), 0o644) },
		"longer with the old stamp": func(path string) error {
			stat, err := os.Stat(path)
			return errors.Join(err, appendTo(path, " "), os.Chtimes(path, stat.ModTime(), stat.ModTime()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T, dir string) {
				path := write(t, dir, "inbox.json", whole, time.Hour)
				var p reading
				_, err := jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
					err := p.parse(r)
					if p.calls == 1 {
						if err := change(path); err != nil {
							t.Error(err)
						}
					}
					return err
				})
				now, readErr := os.ReadFile(path)
				if err != nil || readErr != nil || p.text != string(now) || p.calls != 2 {
					t.Errorf("got %q in %d calls, %v; want %q in 2", p.text, p.calls, err, now)
				}
			})
		})
	}
}

func TestAFileThatAlwaysChangesUnderReadingIsTorn(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		start := time.Now()
		path := write(t, dir, "inbox.json", whole, time.Hour)
		var p reading
		info, err := jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
			if err := appendTo(path, " "); err != nil {
				t.Error(err)
			}
			return p.parse(r)
		})
		if !errors.Is(err, jsonfile.ErrTorn) || errors.Is(err, jsonfile.ErrMalformed) || err.Error() != path+": "+jsonfile.ErrTorn.Error() {
			t.Errorf("got %v, want %s: %v", err, path, jsonfile.ErrTorn)
		}
		if info == nil || time.Since(start) != limit {
			t.Errorf("got info %v after %v, want some after %v", info, time.Since(start), limit)
		}
	})
}

// The stamps of many kernels move every 4 or 10 ms only.
func TestAChangeThatLeavesTheStampIsNoticedByReadingAgain(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", `["old"]`, 0)
		stat, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		var p reading
		_, err = jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
			err := p.parse(r)
			if p.calls == 1 {
				write(t, dir, "inbox.json", `["new"]`, 0)
				if err := os.Chtimes(path, stat.ModTime(), stat.ModTime()); err != nil {
					t.Error(err)
				}
			}
			return err
		})
		if err != nil || p.text != `["new"]` {
			t.Errorf("got %s, %v", p.text, err)
		}
	})
}

// What was read may be the beginning of one document and the end of another,
// though size and stamp are the same before and after.
func TestWhatIsBrokenAndWasWrittenThisVeryMomentIsReadAgain(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		path := write(t, dir, "inbox.json", `["old`+"\xc3"+`new"]`, 0)
		stat, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		var p reading
		_, err = jsonfile.Read(t.Context(), path, "", func(r io.Reader) error {
			err := p.parse(r)
			if p.calls == 1 {
				write(t, dir, "inbox.json", `["new!new"]`, 0)
				if err := os.Chtimes(path, stat.ModTime(), stat.ModTime()); err != nil {
					t.Error(err)
				}
				return errors.Join(jsonfile.ErrMalformed, jsonfile.ErrNotUTF8)
			}
			return err
		})
		if err != nil || p.text != `["new!new"]` {
			t.Errorf("got %s, %v", p.text, err)
		}
	})
}

func TestAFileWrittenThisVeryMomentIsNotWaitedForLong(t *testing.T) {
	atClock(t, func(t *testing.T, dir string) {
		for _, age := range []time.Duration{0, -9 * time.Millisecond} {
			start := time.Now()
			path := write(t, dir, "inbox.json", whole, age)
			var p reading
			_, err := jsonfile.Read(t.Context(), path, "", p.parse)
			if err != nil || time.Since(start) > 10*time.Millisecond || p.calls > 3 {
				t.Errorf("%v old: got %v after %v and %d calls", age, err, time.Since(start), p.calls)
			}
		}
	})
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
