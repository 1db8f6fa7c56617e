package aipass

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLookThatMayNotBeginSaysSoOfEveryFile(t *testing.T) {
	t.Parallel()
	root := lay(t, healthyAndHostile)
	stopped := errors.New("terminated")
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(context.Canceled)
	late, cancelLate := context.WithDeadline(t.Context(), written)
	defer cancelLate()
	signalled, cancelSignalled := context.WithCancelCause(t.Context())
	cancelSignalled(errors.Join(stopped, context.Canceled)) // as of signal.NotifyContext
	for want, ctx := range map[error]context.Context{
		context.Canceled: cancelled, context.DeadlineExceeded: late, stopped: signalled,
	} {
		s := open(t, root, Options{}).Snapshot(ctx)
		for _, f := range s.HostFiles() {
			if f.Head.State() != Unreadable || !errors.Is(f.Head.Err, want) {
				t.Errorf("%s: got %v (%v), want it unreadable: %v", f.Name, f.Head.State(), f.Head.Err, want)
			}
		}
		if !errors.Is(s.Incomplete, want) || len(s.Branches) != 0 {
			t.Errorf("got incomplete: %v and %v, want %v and no branches", s.Incomplete, names(s), want)
		}
	}
}

// Asking for a process stands for a file system that hangs: whatever blocks a
// look blocks its goroutine. In the bubble time passes when nothing else
// happens, so the deadline comes when all that can be seen has been seen; and
// the bubble does not end while one of its goroutines is left.
func TestBranchThatHangsIsUnreadableAtTheDeadlineAndAllOthersAreComplete(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "HANGS", "path": "hangs"}, {"name": "HEALTHY", "path": "healthy"},
  {"name": "A", "path": "a"}, {"name": "Z", "path": "z"}, {"name": "GONE", "path": "gone"}]}
-- hangs/ai_mail.local/inbox.json --
[]
-- hangs/ai_mail.local/.dispatch.lock --
{"pid": 666}
-- a/ai_mail.local/inbox.json --
[]
-- z/ai_mail.local/inbox.json --
[]
`+healthyFiles)
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		alive := func(pid int) bool {
			if pid == 666 {
				<-release
			}
			return false
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		s := open(t, root, Options{Alive: alive}).Snapshot(ctx)
		if took := time.Since(began); took != time.Minute {
			t.Errorf("took %v, want a minute", took)
		}
		wantHangs(t, s)
		close(release)
		synctest.Wait()
		wantHangs(t, s) // what came in late has not touched it
	})
}

func TestHostThatHangsAltogetherLeavesNoGoroutineBehindOnceItIsReleased(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var entries []string
	for i := range 30 { // more than there are workers, twice over
		name := fmt.Sprintf("B%02d", i)
		entries = append(entries, fmt.Sprintf(`{"name": %q, "path": %q}`, name, name))
		put(t, filepath.Join(root, name, ".ai_mail.local", ".dispatch.lock"), `{"pid": 666}`)
	}
	put(t, filepath.Join(root, "AIPASS_REGISTRY.json"), `{"branches": [`+strings.Join(entries, ",\n")+`]}`)
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s := open(t, root, Options{Alive: func(int) bool { <-release; return true }}).Snapshot(ctx)
		for i := range s.Branches {
			if bad := states(&s.Branches[i]); len(bad) != len(hostileFiles) {
				t.Errorf("%s: got %v, want every file unreadable", s.Branches[i].Name, bad)
			}
		}
		if len(s.Branches) != 30 || !errors.Is(s.Incomplete, context.DeadlineExceeded) {
			t.Errorf("got %d branches, incomplete: %v", len(s.Branches), s.Incomplete)
		}
		close(release)
	})
}

func wantHangs(t *testing.T, s *Snapshot) {
	t.Helper()
	wantHealthy(t, s)
	got := map[string]State{}
	for i := range s.Branches {
		got[s.Branches[i].Name] = s.Branches[i].Inbox.State()
	}
	want := map[string]State{"A": OK, "GONE": Missing, "HANGS": Unreadable, "HEALTHY": OK, "Z": OK}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("inboxes: -want +got:\n", diff)
	}
	hangs := branch(t, s, "HANGS")
	if bad := states(hangs); len(bad) != len(hangs.Files()) {
		t.Errorf("HANGS: got %v, want every file unreadable", bad)
	}
	if !errors.Is(hangs.Inbox.Err, context.DeadlineExceeded) || !errors.Is(s.Incomplete, context.DeadlineExceeded) {
		t.Errorf("got %v and incomplete: %v, want the deadline", hangs.Inbox.Err, s.Incomplete)
	}
}

func TestLookThatIsStoppedHalfwayHasEveryBranchInOneStateOrTheOther(t *testing.T) {
	t.Parallel()
	root := lay(t, healthyAndHostile)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := open(t, root, Options{Alive: func(int) bool { cancel(); return true }}).Snapshot(ctx)
	if diff := cmp.Diff([]string{"HEALTHY", "HOSTILE"}, names(s)); diff != "" {
		t.Error("-want +got:\n", diff)
	}
	for i := range s.Branches {
		b := &s.Branches[i]
		for label, state := range states(b) {
			if state != Unreadable {
				t.Errorf("%s: %s: got %v, want it whole or unreadable", b.Name, label, state)
			}
		}
	}
	if !errors.Is(s.Incomplete, context.Canceled) {
		t.Errorf("got incomplete: %v, want it cancelled", s.Incomplete)
	}
}
