package events

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/event"
)

const (
	legacy = `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/ai_mail.local/inbox.json --
{"messages": []}
`
	// Four lines, of which it may have three.
	long = `-- drone/DRONE.local.json --
{
  "document_metadata": {"limits": {"max_lines": 3}},
  "sessions": []
}
`
	short = `-- drone/DRONE.local.json --
{"document_metadata": {"limits": {"max_lines": 3}},
 "sessions": []}
`
	atLimit = `-- drone/DRONE.local.json --
{"document_metadata": {"limits": {"max_lines": 3}},
 "sessions": []
}
`
	broken = `-- drone/DRONE.local.json --
{"document_metadata": {
`
	told = "memory_threshold_exceeded branch=DRONE file_name=DRONE.local.json line_count=4 threshold=3 file_path=~/drone/DRONE.local.json timestamp=2026-02-19T08:00:00"
)

// check is a run on a host that has become like this; it returns what was told.
func check(t *testing.T, root, archive string, state *actions.MemoryRollover) []string {
	t.Helper()
	look := lay(t, root, archive)
	var events []string
	*state = Memory(look, *state, now, func(e event.Event) bool {
		events = append(events, say(t, root, e))
		return true
	})
	return events
}

func TestAFileBeyondItsLimitIsToldOfOnceWhileThatLasts(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var state actions.MemoryRollover
	for i, run := range []struct {
		file string
		told []string
	}{
		{short, nil},
		{atLimit, nil},
		{long, []string{told}},
		{long, nil},
		{short, nil},
		{long, []string{told}},
		{long, nil},
	} {
		if diff := cmp.Diff(run.told, check(t, root, legacy+run.file, &state)); diff != "" {
			t.Errorf("run %d: -want +got:\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(actions.MemoryRollover{Notified: []string{"DRONE:DRONE.local.json"}, LastCheck: now}, state); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// That it is beyond its limit is noted all the same.
func TestWhatCouldNotBeToldIsTheNextTime(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var state actions.MemoryRollover
	for range 2 {
		state = Memory(lay(t, root, legacy+long), state, now, func(event.Event) bool { return false })
		want := actions.MemoryRollover{Notified: []string{"DRONE:DRONE.local.json"}, Untold: []string{"DRONE:DRONE.local.json"}, LastCheck: now}
		if diff := cmp.Diff(want, state); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{told}, check(t, root, legacy+long, &state)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// That a file cannot be read does not make it shorter.
func TestWhatCannotBeCountedIsNotForgotten(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var state actions.MemoryRollover
	check(t, root, legacy+long, &state)
	path := filepath.Join(root, "drone", "DRONE.local.json")
	must(t, os.Remove(path))
	must(t, os.Symlink(path, path)) // to itself
	check(t, root, legacy, &state)
	must(t, os.Remove(path))
	if events := check(t, root, legacy+long, &state); events != nil {
		t.Errorf("it is told again: %v", events)
	}
}

func TestWhatCannotBeCountedIsStillToBeTold(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	state := Memory(lay(t, root, legacy+long), actions.MemoryRollover{}, now, func(event.Event) bool { return false })
	path := filepath.Join(root, "drone", "DRONE.local.json")
	must(t, os.Remove(path))
	must(t, os.Symlink(path, path)) // to itself
	check(t, root, legacy, &state)
	must(t, os.Remove(path))
	if diff := cmp.Diff([]string{told}, check(t, root, legacy+long, &state)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A broken file still has lines, and AIPass counts them.
func TestABrokenFileWithFewLinesIsForgotten(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var state actions.MemoryRollover
	check(t, root, legacy+long, &state)
	check(t, root, legacy+broken, &state)
	if diff := cmp.Diff([]string{}, state.Notified); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAFileOrABranchThatIsGoneIsForgotten(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, gone := range map[string]func() string{
		"file":   func() string { must(t, os.Remove(filepath.Join(root, "drone", "DRONE.local.json"))); return legacy },
		"branch": func() string { return "-- BRANCH_REGISTRY.json --\n{\"branches\": []}\n" },
	} {
		var state actions.MemoryRollover
		check(t, root, legacy+long, &state)
		check(t, root, gone(), &state)
		if len(state.Notified) != 0 {
			t.Errorf("%s: %v", name, state.Notified)
		}
	}
}

func TestWithoutARegistryNothingIsForgotten(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var state actions.MemoryRollover
	check(t, root, legacy+long, &state)
	check(t, root, "-- BRANCH_REGISTRY.json --\n{\"bran\n", &state)
	if len(state.Notified) != 1 {
		t.Errorf("got %v", state.Notified)
	}
}

// Modern goes by entries: a list is told of without lines, which its handlers
// would take for the file's.
func TestAListBeyondItsLimitIsToldOf(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	const modern = `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "drone", "path": "src/drone"}]}
-- src/aipass/memory/memory_json/custom_config/memory.config.json --
{"rollover": {"defaults": {"local": {"sessions": {"count": 2}}}}}
-- src/drone/.ai_mail.local/inbox.json --
{"messages": []}
-- src/drone/.trinity/local.json --
`
	const full = `{"sessions": [1, 2, 3]}`
	want := []string{"memory_threshold_exceeded branch=drone file_name=local.json array=sessions entry_count=3 threshold=2 file_path=~/src/drone/.trinity/local.json timestamp=2026-02-19T08:00:00"}
	var state actions.MemoryRollover
	if diff := cmp.Diff(want, check(t, root, modern+full, &state)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for name, content := range map[string]string{"as it was": full, "broken": `{"sessions": [`} {
		if events := check(t, root, modern+content, &state); events != nil || len(state.Notified) != 1 {
			t.Errorf("%s: %v, %v", name, events, state.Notified)
		}
	}
}
