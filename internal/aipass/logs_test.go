package aipass

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var byName = cmpopts.SortSlices(func(a, b Log) bool { return a.Name < b.Name })

func TestOnlyLiveLogsOfTheDirectoryItselfAreListed(t *testing.T) {
	t.Parallel()
	dir := lay(t, `
-- work.log --
hello
-- events.jsonl --
{}
-- empty.log --
-- work.log.1 --
rotated away
-- notes.txt --
-- log --
-- old/deeper.log --
-- dir.log/x --
`)
	link(t, "work.log", dir, "link.log")
	fifo(t, filepath.Join(dir, "pipe.log"))
	f := readLogs(t.Context(), dir)
	want := []Log{{"empty.log", 0}, {"events.jsonl", 3}, {"work.log", 6}}
	if diff := cmp.Diff(want, f.Value.Largest, byName); diff != "" || !f.OK() {
		t.Error(f.Err, "-want +got:\n", diff)
	}
}

func TestLogWhoseNameIsNotUTF8IsQuoted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "caf\xe9.log"), []byte("x"), 0o644); err != nil {
		t.Skip("this file system wants names in UTF-8:", err)
	}
	put(t, filepath.Join(dir, `"x.log`), "xx") // what begins with a quote is quoted as well
	put(t, filepath.Join(dir, "café.log"), "xxx")
	want := []Log{{`"\"x.log"`, 2}, {`"caf\xe9.log"`, 1}, {"café.log", 3}}
	if diff := cmp.Diff(want, readLogs(t.Context(), dir).Value.Largest, byName); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestDirectoryOfLogsIsInOneStateToo(t *testing.T) {
	t.Parallel()
	dir := lay(t, `
-- file --
-- logs/a.log --
`)
	fifo(t, filepath.Join(dir, "fifo"))
	link(t, "loop", dir, "loop")
	link(t, "logs", dir, "link")
	for name, want := range map[string]State{
		"logs": OK, "link": OK, "gone": Missing, "file": Unreadable, "fifo": Unreadable, "loop": Unreadable,
	} {
		if got := readLogs(t.Context(), filepath.Join(dir, name)); got.State() != want {
			t.Errorf("%s: got %v (%v), want %v", name, got.State(), got.Err, want)
		}
	}
}

func TestLogsThatThereIsNoTimeForAreUnreadable(t *testing.T) {
	t.Parallel()
	dir := lay(t, "-- work.log --\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f := readLogs(ctx, dir); f.State() != Unreadable || f.Value.Files != 0 || !strings.Contains(f.Err.Error(), dir) {
		t.Errorf("got %v, %v (%v), want them unreadable", f.Value, f.State(), f.Err)
	}
}

func TestSystemLogBelongsToTheLongestBranchNameThatFits(t *testing.T) {
	t.Parallel()
	branches := map[string]int{"ai_mail": 1, "ai": 2, "drone": 3, ".vscode": 4, "team_1": 5}
	const nobody = 0
	for log, want := range map[string]int{
		"ai_mail_ai_mail.log":    1,
		"ai_mail_x_y.log":        1,
		"AI_MAIL_core.log":       1,
		"ai_mail.log":            1,
		"ai_mailbox.log":         2,
		"ai_core.jsonl":          2,
		"drone_ops.log":          3,
		"drone.jsonl":            3,
		"drone-ops.log":          nobody,
		"drones_ops.log":         nobody,
		".vscode_x.log":          4,
		"team_1_x.log":           5,
		"team_2_x.log":           nobody,
		"unknown_branch_x.log":   nobody,
		"prax_logger.log":        nobody,
		"_.log":                  nobody,
		".log":                   nobody,
		strings.Repeat("_", 250): nobody,
	} {
		if got, ok := owner(log, branches); got != want || ok != (want != nobody) {
			t.Errorf("%s: got %d, %t, want %d", log, got, ok, want)
		}
	}
}

func TestSystemLogsAreGivenToTheirBranchesAndTheRestIsKept(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "ai_mail", "path": "a"}, {"name": "AI", "path": "b"}]}
-- a/logs/work.log --
own
-- b/README.md --
-- system_logs/ai_mail_core.log --
a
-- system_logs/ai_core.log --
bb
-- system_logs/stray.log --
ccc
-- system_logs/ai_core.log.1 --
rotated
`))
	want := map[string][]Log{"ai_mail": {{"ai_mail_core.log", 2}}, "AI": {{"ai_core.log", 3}}, "": {{"stray.log", 4}}}
	got := map[string][]Log{"": s.StrayLogs.Largest}
	for _, b := range s.Branches {
		got[b.Name] = b.SystemLogs.Largest
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:\n", diff)
	}
	if own := branch(t, s, "ai_mail").Logs.Value.Largest; !slices.Equal(own, []Log{{"work.log", 4}}) {
		t.Errorf("the branch's own logs: got %v", own)
	}
}

// Whoever may write logs cannot make series without end.
func TestOfManyLogsOnlyTheLargestAreKnownByName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 3*MaxLogs + 7 {
		put(t, filepath.Join(dir, fmt.Sprintf("%04d.log", i)), strings.Repeat("x", i))
	}
	f := readLogs(t.Context(), dir)
	n := 3*MaxLogs + 7
	if f.Value.Files != n || f.Value.Bytes != int64(n*(n-1)/2) {
		t.Errorf("got %d files of %d bytes, want all of them", f.Value.Files, f.Value.Bytes)
	}
	first, last := f.Value.Largest[0], f.Value.Largest[len(f.Value.Largest)-1]
	if len(f.Value.Largest) != MaxLogs || first.Size != int64(n-MaxLogs) || last.Size != int64(n-1) {
		t.Errorf("got %d by name, %v to %v", len(f.Value.Largest), first, last)
	}
}

func TestLogWhoseNameWouldSteerATerminalIsQuoted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "\x1b]0;mine\x07.log"), "x")
	if got := readLogs(t.Context(), dir).Value.Largest; len(got) != 1 || got[0].Name != `"\x1b]0;mine\a.log"` {
		t.Errorf("got %v", got)
	}
}
