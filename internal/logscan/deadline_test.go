package logscan

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestWhatThereIsNoTimeForIsCountedTheNextTime(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	s := f.look(t.Context())
	late, cancel := context.WithCancel(t.Context())
	cancel()
	counts, err := f.counter.Count(late, s)
	f.must(err)
	if !errors.Is(counts.Incomplete, context.Canceled) || !strings.Contains(counts.Incomplete.Error(), "not read to the end") {
		t.Errorf("got %v, want it incomplete", counts.Incomplete)
	}
	f.wantErrors(0, counts.Of(droneOps))
	f.wantErrors(3, f.ops())
}

// impatient ends after it has been asked so many times.
type impatient struct {
	context.Context
	patience int
}

func (c *impatient) Err() error {
	if c.patience--; c.patience < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestLogThatThereIsNoTimeToFinishIsGoneOnWith(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	const many = 30_000 // a few blocks
	f.append(droneLog, lines(many, "one"))
	var got aipass.LogTotals
	runs := 0
	var known []checkpoint
	s := scanner{settings: settings{taken: f.now, location: time.UTC}, buffer: make([]byte, blockSize)}
	dir := f.droneDir()
	for ; got.Messages[aipass.ErrorLog] < many && runs < 100; runs++ {
		entries, err := list(dir.Path, f.now)
		f.must(err)
		o := s.family(&impatient{t.Context(), 3}, families(dir, entries, known)[0])
		add(&got, o.news)
		known = o.checkpoints
		if c := known[0]; c.cut != (o.cut > 0) || c.cut != (c.offset < c.size) {
			t.Errorf("cut: %d of %d bytes, %t and %d", c.offset, c.size, c.cut, o.cut)
		}
	}
	if runs < 3 || got.Messages[aipass.ErrorLog] != many {
		t.Errorf("got %d errors in %d runs, want %d in some", got.Messages[aipass.ErrorLog], runs, many)
	}
}

func (f *fleet) droneDir() aipass.LogDir {
	f.t.Helper()
	for d := range f.look(f.t.Context()).LogDirs() {
		if d.Path == filepath.Dir(f.path(droneLog)) {
			return d
		}
	}
	f.t.Fatal("DRONE has no logs")
	return aipass.LogDir{}
}

// A report that never comes stands for a file system that hangs.
func TestCountDoesNotWaitForWhatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		last := checkpoint{name: "ops.log", size: 9, offset: 9}
		st := newState("/")
		st.dirs["slow"] = directory{files: []checkpoint{last}}
		n := count{pending: 2, state: &st, open: map[string]*opened{}}
		reports, began := make(chan report, 1), time.Now()
		reports <- report{dir: "slow", open: []family{{live: "ops.log", known: []known{{checkpoint: last}}}}}
		n.gather(ctx, reports)
		n.giveUp()
		if took := time.Since(began); took != time.Minute+grace {
			t.Errorf("took %v, want a minute and %v", took, grace)
		}
		if err := n.incomplete(); err == nil {
			t.Error("got a whole count")
		}
		if files := st.dirs["slow"].files; len(files) != 1 || files[0] != last || n.changed {
			t.Errorf("got %v, want what was known", files)
		}
	})
}

func TestNothingIsStartedWhileMuchHangs(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.counter.left.Add(maxLeft + 1)
	counts, err := f.counter.Count(t.Context(), f.look(t.Context()))
	f.must(err)
	if !errors.Is(counts.Incomplete, errStillHanging) {
		t.Errorf("got %v, want %v", counts.Incomplete, errStillHanging)
	}
	f.counter.left.Add(-maxLeft - 1)
	f.wantErrors(3, f.ops())
}
