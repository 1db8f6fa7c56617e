package aipass

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTwoEntriesOnOneDirectoryAreOneBranchTheFirstRegistered(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [
  {"name": "ZEBRA", "path": "aipass_core/drone"},
  {"name": "DRONE", "path": "./aipass_core/../aipass_core/drone/"},
  {"name": "LINKED", "path": "link"},
  {"name": "BELOW", "path": "core/drone"},
  {"name": "OTHER", "path": "other"},
  {"name": "GONE", "path": "gone"}, {"name": "GONE_TOO", "path": "gone"}
]}
-- aipass_core/drone/README.md --
-- other/README.md --
`)
	link(t, "aipass_core/drone", root, "link")
	link(t, "aipass_core", root, "core")
	s := look(t, root)
	if diff := cmp.Diff([]string{"GONE", "GONE_TOO", "OTHER", "ZEBRA"}, names(s)); diff != "" {
		t.Error("-want +got:\n", diff)
	}
	want := []Skipped{
		{"BELOW", "core/drone", SameDirectory, "ZEBRA"},
		{"DRONE", "./aipass_core/../aipass_core/drone/", SameDirectory, "ZEBRA"},
		{"LINKED", "link", SameDirectory, "ZEBRA"},
	}
	if diff := cmp.Diff(want, s.Skipped); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestNamesThatDifferInCaseAreOneName(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "Drone", "path": "a"}, {"name": "DRONE", "path": "b"}]}
-- AIPASS_REGISTRY.json --
{"branches": {"drone": {"path": "c"}, "flow": {"path": "d"}, "flow": {"path": "e"}}}
-- a/README.md --
-- b/README.md --
`))
	if diff := cmp.Diff([]string{"Drone", "flow"}, names(s)); diff != "" {
		t.Error("-want +got:\n", diff)
	}
	want := []Skipped{{"flow", "e", SameName, "flow"}, {"drone", "c", SameName, "Drone"}, {"DRONE", "b", SameName, "Drone"}}
	if diff := cmp.Diff(want, s.Skipped); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestBranchMayBeTheRootItself(t *testing.T) {
	t.Parallel()
	const mail = "-- ai_mail.local/inbox.json --\n[{\"status\": \"new\"}]\n"
	for _, path := range []string{"/", "."} {
		s := look(t, lay(t, `-- BRANCH_REGISTRY.json --
{"branches": [{"name": "AIPASS", "path": "`+path+`"}]}
`+mail))
		if got := branch(t, s, "AIPASS").Inbox.Value.Count(NewMail); got != 1 {
			t.Errorf("path %s: got %d new, want 1", path, got)
		}
	}
	root := lay(t, mail)
	put(t, filepath.Join(root, "BRANCH_REGISTRY.json"), `{"branches": [{"name": "AIPASS", "path": "`+root+`"}]}`)
	if got := branch(t, look(t, root), "AIPASS").Inbox.Value.Count(NewMail); got != 1 {
		t.Errorf("the root's own path: got %d new, want 1", got)
	}
}
