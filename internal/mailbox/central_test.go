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
)

// centralDir is where AIPass keeps what it gathers, with a central file unless
// content is "".
func centralDir(t *testing.T, content string) (dir, path string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "AI_CENTRAL")
	must(t, os.Mkdir(dir, 0o755))
	if content != "" {
		mustWrite(t, dir, aipass.MailCentral, content)
	}
	return dir, filepath.Join(dir, aipass.MailCentral)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return string(data)
}

var counts = map[string]Count{"DRONE": {Unread: 2, Total: 5}, "FLOW": {}, "BÜRO": {Unread: 1, Total: 1}}

func TestTheCentralFileIsAsAIPassWritesIt(t *testing.T) {
	t.Parallel()
	const want = `{
  "service": "ai_mail",
  "last_updated": "2026-02-19",
  "branch_stats": {
    "BÜRO": {
      "unread": 1,
      "total": 1
    },
    "DRONE": {
      "unread": 2,
      "total": 5
    },
    "FLOW": {
      "unread": 0,
      "total": 0
    }
  },
  "system_totals": {
    "total_unread": 3,
    "total_messages": 6
  }
}`
	for name, before := range map[string]string{"new": "", "old": `{"service": "ai_mail", "branch_stats": {"GONE": {}}}`, "broken": `{"ser`} {
		dir, path := centralDir(t, before)
		must(t, UpdateCentral(t.Context(), dir, counts, now))
		if diff := cmp.Diff(want, read(t, path)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(pythonWrites(t, want)[0], want); diff != "" {
		t.Errorf("-python +want:\n%s", diff)
	}
}

func TestTheCentralFileOfNoBranchesHasNone(t *testing.T) {
	t.Parallel()
	for _, none := range []map[string]Count{nil, {}} {
		dir, path := centralDir(t, "")
		must(t, UpdateCentral(t.Context(), dir, none, now))
		if got := read(t, path); !strings.Contains(got, `"branch_stats": {},`) {
			t.Errorf("got %s", got)
		}
	}
}

func TestTheCentralFileSaysTheDayWhereItIs(t *testing.T) {
	t.Parallel()
	dir, path := centralDir(t, "")
	late := time.Date(2026, time.February, 19, 23, 30, 0, 0, time.UTC)
	must(t, UpdateCentral(t.Context(), dir, counts, late.In(zone(t, "Europe/Berlin"))))
	if got := read(t, path); !strings.Contains(got, `"last_updated": "2026-02-20"`) {
		t.Errorf("got %s", got)
	}
}

func TestTheCentralFileKeepsModeAndOwner(t *testing.T) {
	t.Parallel()
	dir, path := centralDir(t, "{}")
	must(t, os.Chmod(path, 0o664))
	must(t, os.Chown(path, owner(), -1))
	want := owners(t, dir)
	must(t, UpdateCentral(t.Context(), dir, counts, now))
	if diff := cmp.Diff(want, owners(t, dir), cmp.AllowUnexported(ownership{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestANewCentralFileBelongsToTheDirectorysOwner(t *testing.T) {
	t.Parallel()
	dir, _ := centralDir(t, "")
	must(t, os.Chmod(dir, 0o775))
	must(t, os.Chown(dir, owner(), -1))
	must(t, UpdateCentral(t.Context(), dir, counts, now))
	got := owners(t, dir)
	want := got["."]
	want.mode = 0o664
	if got[aipass.MailCentral] != want {
		t.Errorf("got %v, want %v", got[aipass.MailCentral], want)
	}
}

func TestWithoutACentralDirectoryThereIsNothingToDo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "aipass_os", "AI_CENTRAL")
	must(t, UpdateCentral(t.Context(), dir, counts, now))
	if _, err := os.Lstat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want nothing made", err)
	}
}

func TestWhatIsNoCentralFileIsRefused(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", aipass.MailCentral} {
		for name, make := range impostors {
			dir, _ := centralDir(t, "{}")
			path, elsewhere := filepath.Join(dir, place), filepath.Join(filepath.Dir(dir), "elsewhere")
			must(t, os.Rename(path, elsewhere))
			must(t, make(path, elsewhere))
			before := tree(t, filepath.Dir(dir))
			err := UpdateCentral(t.Context(), dir, counts, now)
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(Remedy(err), "in its place") {
				t.Errorf("%s is a %s: got %v", place, name, err)
			}
			if diff := cmp.Diff(before, tree(t, filepath.Dir(dir))); diff != "" {
				t.Errorf("%s is a %s: -before +after:\n%s", place, name, diff)
			}
		}
	}
}

func TestWhatAKilledRunLeftBesideTheCentralFileIsRemoved(t *testing.T) {
	t.Parallel()
	dir, _ := centralDir(t, "{}")
	mustWrite(t, dir, tempName(), "{")
	must(t, UpdateCentral(t.Context(), dir, counts, now))
	if got := tree(t, dir); len(got) != 2 {
		t.Errorf("got %v, want the central file alone", got)
	}
}
