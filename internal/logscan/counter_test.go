package logscan

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

func TestRunsGoOnWhereTheOneBeforeStopped(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "first"))
	f.wantErrors(3, f.ops())
	f.wantErrors(3, f.ops())
	f.append(droneLog, lines(2, "second"))
	f.restart(f.counter.options)
	f.wantErrors(5, f.ops())
}

func TestLogsAreTheirBranches(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(1, "own"))
	f.append("system_logs/ai_mail_x.log", lines(2, "of AI_MAIL, not of AI"))
	f.append("system_logs/ai_mail_x.log.1", lines(1, "a backup"))
	f.append("system_logs/ai_core.log", lines(3, "of AI"))
	f.append("system_logs/stray.log", lines(4, "nobody's"))
	f.append("ai/logs/events.jsonl", `{"level": "critical"}`+"\n")
	f.append("ai/logs/notes.txt", lines(1, "no log"))
	got := map[aipass.LogSource][5]int64{}
	for branch, totals := range f.count().Totals {
		for _, scope := range aipass.LogScopes {
			if messages := totals[scope].Messages; messages != [5]int64{} {
				got[aipass.LogSource{Branch: branch, Scope: scope}] = messages
			}
		}
	}
	want := map[aipass.LogSource][5]int64{
		{Branch: "DRONE", Scope: aipass.BranchScope}:   {3: 1},
		{Branch: "AI_MAIL", Scope: aipass.SystemScope}: {3: 3},
		{Branch: "AI", Scope: aipass.SystemScope}:      {3: 3},
		{Branch: "", Scope: aipass.SystemScope}:        {3: 4},
		{Branch: "AI", Scope: aipass.BranchScope}:      {4: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestLastErrorIsDatedByItself(t *testing.T) {
	t.Parallel()
	for last, want := range map[string]string{
		"2026-03-06 19:26:01 - a - ERROR - x":                        "2026-03-06T19:26:01Z",
		"2026-03-06 19:26:01,789 [CRITICAL] x":                       "2026-03-06T19:26:01Z",
		`{"level": "error", "ts": "2026-03-06T19:26:01+01:00"}`:      "2026-03-06T18:26:01Z",
		"[2026-03-06 19:26:01] [ERROR] x":                            "2026-03-06T19:26:01Z",
		"[ERROR] when?":                                              "2026-11-27T12:00:00Z",
		"9999-12-31 23:59:59 - a - ERROR - to come":                  "2026-11-27T12:00:00Z",
		"2026-03-06 19:26:01 - a - ERROR - x\n[INFO] not this":       "2026-03-06T19:26:01Z",
		"2026-03-06 19:26:01 - a - WARNING - x":                      "1970-01-01T00:00:00Z",
		"2026-03-06 19:26:01 - a - ERROR - x\nTraceback\n2026-03-07": "2026-03-06T19:26:01Z",
	} {
		f := newFleet(t)
		f.now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
		f.append(droneLog, last+"\n")
		if got := time.Unix(f.ops().LastError, 0).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: got %s, want %s", last, got, want)
		}
	}
}

func TestFirstCountCanBeginAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, last := range []string{"\n", "\n2026-03-06 19:26:01 - a - ERROR - half"} {
		f := newFleet(t)
		f.restart(Options{Dir: f.counter.options.Dir, FromEnd: true})
		f.append(droneLog, lines(3, "old")+last)
		f.wantErrors(0, f.ops())
		f.append(droneLog, " a line\n"+lines(2, "new"))
		f.append("drone/logs/new.log", lines(1, "of a new log"))
		f.wantErrors(3, f.ops())
	}
}

func TestWithoutADirectoryCountingBeginsWithTheProgram(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.restart(Options{})
	f.append(droneLog, lines(3, "old"))
	f.wantErrors(0, f.ops())
	f.append(droneLog, lines(2, "new"))
	f.wantErrors(2, f.ops())
}

func TestUnchangedHostIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.now = f.now.Add(time.Hour)
	f.append(droneLog, lines(3, "one"))
	f.count()
	before, err := os.Stat(f.counter.path())
	f.must(err)
	f.count()
	after, err := os.Stat(f.counter.path())
	f.must(err)
	if !os.SameFile(before, after) {
		t.Error("the state was written again")
	}
}

// A log that was written in the same moment as it was looked at may have been
// written again in that moment.
func TestLogThatWasJustWrittenIsLookedIntoAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	state, _, err := f.counter.load()
	f.must(err)
	if c := state.dirs[f.path("drone/logs")].files[0]; c.changed != 0 {
		t.Errorf("its change time %d was relied on", c.changed)
	}
	f.now = f.now.Add(time.Hour)
	f.count()
	if state, _, _ = f.counter.load(); state.dirs[f.path("drone/logs")].files[0].changed == 0 {
		t.Error("its change time was not relied on an hour later")
	}
}

func TestStateOfNoUseIsSetAsideAndCountingBeginsAtZero(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"version": 2}`, `{"version": 1, "totals": [{"error": -1}]}`, "\x00\x00\x00"} {
		f := newFleet(t)
		f.append(droneLog, lines(3, "old"))
		f.count()
		f.must(os.WriteFile(f.counter.path(), []byte(text), 0o600))
		counts, err := f.counter.Count(t.Context(), f.look(t.Context()))
		aside, ok := errors.AsType[*statefile.SetAsideError](err)
		if !ok {
			t.Fatalf("%q: got %v, want it set aside", text, err)
		}
		if kept, err := os.ReadFile(aside.Path); string(kept) != text || err != nil {
			t.Errorf("%q: kept %q, %v", text, kept, err)
		}
		f.wantErrors(0, counts.Of(droneOps))
		f.append(droneLog, lines(2, "new"))
		f.wantErrors(2, f.ops())
	}
}

func TestWhileAnotherRunCountsItsLastCountsAreShown(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.append(droneLog, lines(2, "two"))
	unlock, held, err := statefile.TryLock(filepath.Join(f.counter.options.Dir, LockFile))
	for held {
		unlock, held, err = statefile.TryLock(filepath.Join(f.counter.options.Dir, LockFile))
	}
	f.must(err)
	counts, err := f.counter.Count(t.Context(), f.look(t.Context()))
	if !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want %v", err, ErrBusy)
	}
	f.wantErrors(3, counts.Of(droneOps))
	unlock()
	f.wantErrors(5, f.ops())
}

// What cannot be saved would be counted again, so it is not shown.
func TestCountsThatCannotBeSavedAreNotShown(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.append(droneLog, lines(2, "two"))
	saved, err := os.ReadFile(f.counter.path())
	f.must(err)
	aside := f.counter.path() + ".aside"
	f.must(os.WriteFile(aside, saved, 0o600))
	f.must(os.Remove(f.counter.path()))
	f.must(os.Symlink(aside, f.counter.path())) // which is not replaced
	counts, err := f.counter.Count(t.Context(), f.look(t.Context()))
	if err == nil || counts == nil {
		t.Fatalf("got %v, %v, want the saved counts and why there are no newer ones", counts, err)
	}
	f.wantErrors(3, counts.Of(droneOps))
	f.must(os.Rename(aside, f.counter.path()))
	f.wantErrors(5, f.ops())
}

func TestStateOfAnotherHostIsLeftAlone(t *testing.T) {
	t.Parallel()
	f, other := newFleet(t), newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	other.restart(f.counter.options)
	counts, err := other.counter.Count(t.Context(), other.look(t.Context()))
	if counts != nil || err == nil || !strings.Contains(err.Error(), "--state.dir") {
		t.Errorf("got %v, %v", counts, err)
	}
	f.must(os.Symlink(f.home, f.home+"-link"))
	t.Cleanup(func() { os.Remove(f.home + "-link") })
	f.counter = NewCounter(f.home+"-link", f.counter.options) // the same by another name
	f.wantErrors(3, f.ops())
}

func TestLinksAndPipesAreNoLogs(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.write("secret", lines(3, "secret"))
	f.must(os.Symlink(f.path("secret"), f.path(droneLog)))
	f.must(syscall.Mkfifo(f.path("drone/logs/pipe.log"), 0o600))
	f.wantErrors(0, f.ops())
}

// A directory that is not to be read now may be back the next time.
func TestLogsOfADirectoryThatCannotBeReadAreNotForgotten(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.rename("drone", "moved")
	f.wantErrors(3, f.ops())
	f.rename("moved", "drone")
	f.append(droneLog, lines(2, "two"))
	f.want(f.ops(), totalsOf(5, lines(3, "one")+lines(2, "two"), "", 0))
}

func TestBranchThatLeftTheRegistryIsRememberedForAWhile(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	registry, err := os.ReadFile(f.path("AIPASS_REGISTRY.json"))
	f.must(err)
	f.write("AIPASS_REGISTRY.json", `{"branches": []}`)
	f.count()
	f.write("AIPASS_REGISTRY.json", string(registry))
	f.append(droneLog, lines(2, "two"))
	f.wantErrors(5, f.ops())
	f.write("AIPASS_REGISTRY.json", `{"branches": []}`)
	f.count()
	f.write("AIPASS_REGISTRY.json", `{`) // of which nobody knows what it means
	f.now = f.now.Add(remembered + time.Minute)
	f.wantErrors(5, f.ops())
	f.write("AIPASS_REGISTRY.json", `{"branches": []}`)
	f.wantErrors(0, f.ops())
	if n := f.known(); n != 0 {
		t.Errorf("%d files are known still", n)
	}
}
