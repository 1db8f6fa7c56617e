package mailbox

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// archive closes messages of a mailbox, all if want is nil.
func archive(t *testing.T, dir string, o Options, want func(*Message) bool) []Change {
	t.Helper()
	changes, err := at(dir, o).Update(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			if want == nil || want(m) {
				must(t, d.Archive(m))
			}
		}
		return nil
	})
	must(t, err)
	return changes
}

// archives are the files in deleted/, by name.
func archives(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, aipass.ClosedMailDir))
	must(t, err)
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, aipass.ClosedMailDir, e.Name()))
		must(t, err)
		files[e.Name()] = string(data)
	}
	return files
}

func TestAnArchiveHoldsTheMessageClosed(t *testing.T) {
	t.Parallel()
	dir := put(t, pythonWrites(t, `{"messages": [{"id": "3fa9c01e", "subject": "RE: path/lookup", "status": "opened", "n": 1, "x": {"y": [1]}}]}`)[0])
	changes := archive(t, dir, Options{}, nil)
	want := map[string]string{"20260219_080003_RE_ path_lookup_3fa9c01e.json": `{
  "id": "3fa9c01e",
  "subject": "RE: path/lookup",
  "status": "closed",
  "n": 1,
  "x": {
    "y": [
      1
    ]
  },
  "read": true,
  "archived_at": "2026-02-19T08:00:03"
}`}
	if diff := cmp.Diff(want, archives(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got, want := changes[0].Archive, "deleted/20260219_080003_RE_ path_lookup_3fa9c01e.json"; got != want {
		t.Errorf("said to be in %s, want %s", got, want)
	}
	if got := raws(t, dir); len(got) > 0 {
		t.Errorf("%s is still in the inbox", got)
	}
}

func TestArchivesAreWhatPythonWouldWrite(t *testing.T) {
	t.Parallel()
	dir := put(t, pythonWrites(t, `{"messages": [
		{"id": "1", "status": "new", "message": "é\n    \"deep\"\n      \\n    x 😀", "subject": "one"},
		{"id": "2", "read": false, "a": {"b": {"c": [[], {}, [1, {"d": null}]]}}, "subject": "two"},
		{"id": "3", "archived_at": null, "read": true, "status": "closed", "subject": "three"},
		{"id": "4", "big": 123456789012345678901234567890, "f": 1e999, "g": 1.5e-7}]}`)[0])
	before := inbox(t, dir)
	archive(t, dir, Options{}, nil)
	want := judge[[]string](t, `
def closed(m):
    m["status"] = "closed"
    m["read"] = True
    m["archived_at"] = "2026-02-19T08:00:03"
    return json.dumps(m, indent=2, ensure_ascii=False)

says = [closed(m) for m in json.loads(given)["messages"]]
`, before)
	var got []string
	for _, text := range archives(t, dir) {
		got = append(got, text)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-python +got:\n%s", diff)
	}
}

func TestArchivedAtIsLocalAndSpelledAsPythonSpellsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone       string
		now        time.Time
		name, want string
	}{
		{"UTC", now, "20260219_080003", "2026-02-19T08:00:03"},
		{"UTC", now.Add(120 * time.Millisecond), "20260219_080003", "2026-02-19T08:00:03.120000"},
		{"UTC", now.Add(7*time.Microsecond + 999), "20260219_080003", "2026-02-19T08:00:03.000007"},
		{"UTC", now.Add(999), "20260219_080003", "2026-02-19T08:00:03"},
		{"Europe/Berlin", now, "20260219_090003", "2026-02-19T09:00:03"},
		{"America/Los_Angeles", now, "20260219_000003", "2026-02-19T00:00:03"},
		{"Europe/Berlin", time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), "20261025_023000", "2026-10-25T02:30:00"},
		{"Pacific/Kiritimati", now.Add(4 * time.Hour), "20260220_020003", "2026-02-20T02:00:03"},
	} {
		dir := put(t, `{"messages": [{"id": "1"}]}`)
		archive(t, dir, Options{Now: func() time.Time { return c.now }, Location: zone(t, c.zone)}, nil)
		want := map[string]string{c.name + "__1.json": `{"id": "1", "status": "closed", "read": true, "archived_at": "` + c.want + `"}`}
		if diff := cmp.Diff(want, archives(t, dir)); diff != "" {
			t.Errorf("%s in %s: -want +got:\n%s", c.now, c.zone, diff)
		}
	}
}
