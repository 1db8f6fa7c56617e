package aipass

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ward lays a host on which everything is broken in its own way. What AIPass
// makes anew, as FIFO's observations, may be missing.
func ward(t *testing.T) (root string) {
	t.Helper()
	root = lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [
  {"name": "AWAY", "path": "/home/aipass/away"},
  {"name": "BOM", "path": "bom"},
  {"name": "DOUBLE", "path": "bom"},
  {"name": "FIFO", "path": "fifo"},
  {"name": "GONE", "path": "gone"},
  {"name": "LOOP", "path": "loop"},
  {"name": "NEW", "path": "new"},
  {"name": "bom", "path": "new"},
  {"name": "NOWHERE"},
  {"path": "nameless"},
  {"name": "SURROGATE", "path": "surrogate"}
]}
-- MEMORY_BANK/memory_bank_json/memory_bank.config.json --
{"rollover":
-- system_logs --
-- aipass_core/flow/flow_json/flow_registry.json --
[]
-- bom/ai_mail.local/.dispatch.lock --
corrupt
-- bom/BOM.local.json --
{}
-- bom/BOM.observations.json --
{}
-- new/NEW.local.json --
{}
-- new/NEW.observations.json --
{}
-- surrogate/SURROGATE.local.json --
{}
-- surrogate/SURROGATE.observations.json --
{}
-- surrogate/ai_mail.local/inbox.json --
[{"subject": "\ud83d"}]
`)
	put(t, filepath.Join(root, "bom/ai_mail.local/inbox.json"), "\ufeff[]")
	must(t, os.Mkdir(filepath.Join(root, "fifo"), 0o755))
	must(t, os.Mkdir(filepath.Join(root, "fifo/ai_mail.local"), 0o755))
	put(t, filepath.Join(root, "fifo/ai_mail.local/inbox.json"), "[]")
	fifo(t, filepath.Join(root, "fifo/FIFO.local.json"))
	link(t, "loop", root, "loop")
	return root
}

func TestFaultsAreTheHostsThenTheRegistrysThenTheBranches(t *testing.T) {
	t.Parallel()
	type line struct {
		Branch, File string
		State        State
	}
	got := []line{}
	for _, f := range look(t, ward(t)).Faults() {
		got = append(got, line{f.Branch, f.File, f.State})
	}
	want := []line{
		{"", MemoryConfigFile, Malformed},
		{"", SystemLogsFile, Unreadable},
		{"", PlansFile, Malformed},
		{"NOWHERE", "registry entry, no_path", Malformed},
		{"", "registry entry, no_name", Malformed},
		{"bom", "registry entry, same_name", Malformed},
		{"DOUBLE", "registry entry, same_directory", Malformed},
		{"AWAY", "directory", Unreadable},
		{"BOM", "inbox", Malformed},
		{"BOM", "agent lock", Malformed},
		{"FIFO", "local", Unreadable},
		{"GONE", "directory", Missing},
		{"LOOP", "directory", Unreadable},
		{"NEW", "inbox", Missing},
		{"SURROGATE", "inbox", Malformed},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestEveryFaultNamesItsPathAndARemedy(t *testing.T) {
	t.Parallel()
	root := ward(t)
	want := map[string]struct{ path, remedy string }{
		" memory_config":                        {root + "/MEMORY_BANK/memory_bank_json/memory_bank.config.json", "from a backup"},
		" system_logs":                          {root + "/system_logs", "see what the system says"},
		" plans":                                {root + "/aipass_core/flow/flow_json/flow_registry.json", "from a backup"},
		" registry entry, no_name":              {"(nameless)", "correct the entry"},
		"NOWHERE registry entry, no_path":       {"no_path", "correct the entry"},
		"bom registry entry, same_name":         {"same_name as BOM (new)", "correct the entry"},
		"DOUBLE registry entry, same_directory": {"same_directory as BOM (bom)", "correct the entry"},
		"AWAY directory":                        {"/home/aipass/away", "--aipass.path-map=FROM=TO"},
		"BOM inbox":                             {root + "/bom/ai_mail.local/inbox.json", "from a backup"},
		"BOM agent lock":                        {root + "/bom/ai_mail.local/.dispatch.lock", "from a backup"},
		"FIFO local":                            {root + "/fifo/FIFO.local.json", "move away"},
		"GONE directory":                        {root + "/gone", "take the branch out of the registry"},
		"LOOP directory":                        {root + "/loop", "see what the system says"},
		"NEW inbox":                             {root + "/new/ai_mail.local/inbox.json", "set AI_Mail up"},
		"SURROGATE inbox":                       {root + "/surrogate/ai_mail.local/inbox.json", `\ud8xx`},
	}
	faults := look(t, root).Faults()
	if len(faults) != len(want) {
		t.Errorf("got %d faults, want %d", len(faults), len(want))
	}
	for _, f := range faults {
		w := want[f.Branch+" "+f.File]
		if w.path == "" || !strings.Contains(f.Err.Error(), w.path) || !strings.Contains(f.Remedy, w.remedy) {
			t.Errorf("%s %s: got %q, %q, want it to name %q, %q", f.Branch, f.File, f.Err, f.Remedy, w.path, w.remedy)
		}
	}
}

func TestFaultOfALateLookNamesThePathAndAsksForTime(t *testing.T) {
	t.Parallel()
	list := []pending{{Entry: Entry{Name: "DRONE", path: "src/aipass/drone"}}}
	s := &Snapshot{Branches: unreached(make([]Branch, 1), list)}
	faults := s.Faults()
	if len(faults) != 1 || faults[0].Branch != "DRONE" || faults[0].State != Unreadable ||
		!strings.Contains(faults[0].Err.Error(), "src/aipass/drone") || !strings.Contains(faults[0].Remedy, "--timeout") {
		t.Errorf("got %+v", faults)
	}
}

func TestHostWithoutARegistryHasThatFault(t *testing.T) {
	t.Parallel()
	faults := look(t, lay(t, "-- README.md --\n")).Faults()
	if len(faults) != 1 || faults[0].File != RegistryFile || faults[0].State != Missing || !strings.Contains(faults[0].Remedy, "--aipass.home") {
		t.Errorf("got %+v", faults)
	}
}

func TestHealthyHostHasNoFaults(t *testing.T) {
	t.Parallel()
	root := lay(t, twoGenerations)
	s := lookWith(t, root, Options{PathMap: []PathMapping{{From: "/home/aipass", To: root}}})
	if faults := s.Faults(); len(faults) != 0 {
		t.Errorf("got %+v", faults)
	}
}

func TestEveryFileIsInExactlyOneStateThatHasAName(t *testing.T) {
	t.Parallel()
	seen := map[State]int{}
	s := look(t, ward(t))
	count := func(h Head) {
		matches := 0
		for _, state := range States {
			if h.State() == state {
				matches++
			}
		}
		if matches != 1 || h.OK() != (h.State() == OK) || h.OK() && !h.Found() {
			t.Errorf("%v is in %d states", h, matches)
		}
		seen[h.State()]++
	}
	for _, f := range s.HostFiles() {
		count(f.Head)
	}
	for i := range s.Branches {
		for _, f := range s.Branches[i].Files() {
			count(f.Head)
		}
	}
	for _, state := range States {
		if seen[state] == 0 {
			t.Errorf("the ward has no file that is %v", state)
		}
	}
	if got := []string{OK.String(), Missing.String(), Malformed.String(), Unreadable.String()}; !cmp.Equal(got, []string{"ok", "missing", "malformed", "unreadable"}) {
		t.Errorf("states are called %v", got)
	}
}

func TestWorseOfTwoFilesIsToldOf(t *testing.T) {
	t.Parallel()
	heads := map[State]Head{}
	for _, f := range look(t, ward(t)).Branches {
		for _, file := range f.Files() {
			heads[file.Head.State()] = file.Head
		}
	}
	for _, tt := range []struct{ a, b, want State }{
		{OK, Missing, OK},
		{OK, Malformed, Malformed},
		{OK, Unreadable, Unreadable},
		{Missing, Unreadable, Unreadable},
		{Unreadable, Malformed, Malformed},
		{Missing, Missing, Missing},
	} {
		if got := worst(heads[tt.a], heads[tt.b]).State(); got != tt.want {
			t.Errorf("%v and %v: got %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := worst(heads[tt.b], heads[tt.a]).State(); got != tt.want {
			t.Errorf("%v and %v: got %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
}
