package aipass

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// HEALTHY and HOSTILE have the same files; the tests do something to those of
// HOSTILE, and HEALTHY must not notice.
const healthyAndHostile = `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "HOSTILE", "path": "hostile"}, {"name": "HEALTHY", "path": "healthy"}]}
` + healthyFiles + "-- hostile/HOSTILE.local.json --\n{}\n-- hostile/HOSTILE.observations.json --\n{}\n-- hostile/HOSTILE.id.json --\n{}\n" + `
-- hostile/ai_mail.local/inbox.json --
[]
-- hostile/ai_mail.local/.dispatch.lock --
{}
-- hostile/DASHBOARD.local.json --
{}
-- hostile/README.md --
-- hostile/logs/work.log --
`

const healthyFiles = `
-- healthy/ai_mail.local/inbox.json --
[{"status": "new"}, {"status": "opened"}, {"status": "opened"}]
-- healthy/ai_mail.local/.dispatch.lock --
{"pid": 42}
-- healthy/HEALTHY.local.json --
{"sessions": [1, 2]}
-- healthy/HEALTHY.observations.json --
{"observations": [1, 2, 3]}
-- healthy/HEALTHY.id.json --
{}
-- healthy/DASHBOARD.local.json --
{"last_updated": "2026-02-19 08:00:03"}
-- healthy/README.md --
-- healthy/logs/work.log --
hello
`

// hostileFiles is where each of HOSTILE's files stands.
var hostileFiles = map[string]string{
	"directory":    "hostile",
	"inbox":        "hostile/ai_mail.local/inbox.json",
	"local":        "hostile/HOSTILE.local.json",
	"observations": "hostile/HOSTILE.observations.json",
	"identity":     "hostile/HOSTILE.id.json",
	"dashboard":    "hostile/DASHBOARD.local.json",
	"readme":       "hostile/README.md",
	"logs":         "hostile/logs",
}

func wantHealthy(t *testing.T, s *Snapshot) {
	t.Helper()
	b := branch(t, s, "HEALTHY")
	if bad := states(b); len(bad) != 0 || !b.Agent.OK() {
		t.Errorf("HEALTHY: got %v, agent %v, want every file", bad, b.Agent.State())
	}
	if got, want := tallyOf(b.Inbox.Value), (tally{New: 1, Opened: 2, Undated: 3}); got != want {
		t.Errorf("HEALTHY: got %+v, want %+v", got, want)
	}
	sessions, _ := b.Local.Value.Entries("sessions")
	observations, _ := b.Observations.Value.Entries("observations")
	if sessions != 2 || observations != 3 || b.Local.Value.Lines != 1 || b.Logs.Value.Files != 1 || b.Dashboard.Value.Updated.IsZero() {
		t.Errorf("HEALTHY: got %d sessions, %d observations, %d lines, %d logs, updated %v",
			sessions, observations, b.Local.Value.Lines, b.Logs.Value.Files, b.Dashboard.Value.Updated)
	}
}

func fifo(t *testing.T, path string) {
	t.Helper()
	must(t, syscall.Mkfifo(path, 0o644))
}

func TestWhatStandsInTheFilesPlaceIsItsStateAndNobodyElses(t *testing.T) {
	t.Parallel()
	things := map[string]struct {
		make  func(t *testing.T, path string)
		state State
	}{
		"nothing":               {func(*testing.T, string) {}, Missing},
		"FIFO":                  {fifo, Unreadable},
		"symbolic link loop":    {func(t *testing.T, path string) { must(t, os.Symlink(filepath.Base(path), path)) }, Unreadable},
		"two links in a circle": {circle, Unreadable},
		"dangling link":         {func(t *testing.T, path string) { must(t, os.Symlink("nowhere", path)) }, Missing},
		"device":                {func(t *testing.T, path string) { must(t, os.Symlink(os.DevNull, path)) }, Unreadable},
		"directory":             {func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o755)) }, Unreadable},
		"file":                  {func(t *testing.T, path string) { put(t, path, "") }, Unreadable},
	}
	for name, thing := range things {
		for label, path := range hostileFiles {
			isDirectory := label == "directory" || label == "logs"
			if name == "directory" && isDirectory || name == "file" && !isDirectory {
				continue // that is as it should be, or a matter of what is in it
			}
			t.Run(name+" in the place of "+label, func(t *testing.T) {
				t.Parallel()
				root := lay(t, healthyAndHostile)
				path := filepath.Join(root, path)
				must(t, os.RemoveAll(path))
				thing.make(t, path)
				s := look(t, root)
				wantHealthy(t, s)
				want := map[string]State{label: thing.state}
				if label == "directory" {
					want = map[string]State{}
					for other := range hostileFiles {
						want[other] = thing.state
					}
				}
				if diff := cmp.Diff(want, states(branch(t, s, "HOSTILE"))); diff != "" {
					t.Error("-want +got:\n", diff)
				}
			})
		}
	}
}

func circle(t *testing.T, path string) {
	t.Helper()
	must(t, os.Symlink(path+".there", path))
	must(t, os.Symlink(path, path+".there"))
}

func TestPathThatLeavesTheRootIsUnreadableAndNobodyElses(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	put(t, filepath.Join(outside, "ai_mail.local", "inbox.json"), `[{"status": "new"}]`)
	for _, path := range []string{outside, "/no/such/machine", "../" + filepath.Base(outside), "exit", "a\\u0000b"} {
		root := lay(t, strings.Replace(healthyAndHostile, `"path": "hostile"`, `"path": "`+path+`"`, 1))
		link(t, outside, root, "exit")
		s := look(t, root)
		wantHealthy(t, s)
		b := branch(t, s, "HOSTILE")
		for label := range hostileFiles {
			if states(b)[label] != Unreadable {
				t.Errorf("%s: %s: got %v, want it unreadable", path, label, states(b)[label])
			}
		}
		if len(b.Inbox.Value.Messages) != 0 {
			t.Errorf("%s: the mail outside was read", path)
		}
	}
}

func TestHostFileThatIsNoFileCostsNoBranchItsValues(t *testing.T) {
	t.Parallel()
	for label, path := range map[string]string{
		MemoryConfigFile: "MEMORY_BANK/memory_bank_json/memory_bank.config.json",
		SystemLogsFile:   "system_logs",
		PlansFile:        "aipass_core/flow/flow_json/flow_registry.json",
		"plans ":         "aipass_core/flow/flow_json",
		RegistryFile:     "AIPASS_REGISTRY.json", // beside the legacy one, which lists the branches
	} {
		for name, thing := range map[string]func(*testing.T, string){"FIFO": fifo, "circle": circle} {
			t.Run(name+" in the place of "+path, func(t *testing.T) {
				t.Parallel()
				root := lay(t, healthyAndHostile)
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755))
				thing(t, filepath.Join(root, path))
				s := look(t, root)
				wantHealthy(t, s)
				for _, f := range s.HostFiles() {
					if f.Name == strings.TrimSpace(label) && f.Head.State() != Unreadable {
						t.Errorf("%s: got %v (%v), want it unreadable", f.Name, f.Head.State(), f.Head.Err)
					}
				}
			})
		}
	}
}

func TestRegistryThatCannotBeReadLeavesASnapshotWithoutBranches(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		archive string
		want    State
	}{
		"none":      {"-- README.md --\n", Missing},
		"malformed": {"-- BRANCH_REGISTRY.json --\n{\"branches\": [{\"name\": \"A\", \"path\": \"a\"},\n", Malformed},
		"directory": {"-- AIPASS_REGISTRY.json/x --\n", Unreadable},
	} {
		s := look(t, lay(t, tt.archive))
		if s.Registry.State() != tt.want || len(s.Branches) != 0 {
			t.Errorf("%s: got %v and %v, want %v and no branches", name, s.Registry.State(), names(s), tt.want)
		}
	}
}
