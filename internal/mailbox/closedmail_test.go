package mailbox

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// closedFile writes a file of closed mail.
func closedFile(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
}

func TestClosedMailIsFoundByItsSubjectNewestFirstWhereverThePurgeHasPutIt(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	closedFile(t, dir, "deleted/20260219_075900__SCHEDULED_ Health Check - 2 Issues Found.json", `{"id": "python"}`)
	closedFile(t, dir, "deleted/20260219_080000__SCHEDULED_ Health Check - 1 Issues Found_3fa9c01e.json", `{"id": "ours"}`)
	closedFile(t, dir, ".archive/deleted/20260219_075800__SCHEDULED_ Health Check.json", `{"id": "purged"}`)
	closedFile(t, dir, "deleted/20260219_075959__SCHEDULED_ Stale mail.json", `{"id": "another subject"}`)
	closedFile(t, dir, "deleted/20260218_075959__SCHEDULED_ Health Check.json", `{"id": "too old"}`)
	closedFile(t, dir, "deleted/20260219_075901__SCHEDULED_ Health Check.json", `half`)
	closedFile(t, dir, "deleted/_SCHEDULED_ Health Check.json", `{"id": "no time"}`)

	var got []string
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		got = nil
		for _, c := range d.Closed("[SCHEDULED] Health Check", now.Add(-time.Hour)) {
			got = append(got, c.ID+" "+c.At.Format(time.TimeOnly))
		}
		return nil
	})
	must(t, err)
	if diff := cmp.Diff([]string{"ours 08:00:00", "python 07:59:00", "purged 07:58:00"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestARewrittenLetterKeepsWhatIsNotItsText(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [{
      "id": "3fa9c01e",
      "timestamp": "2026-02-18 21:14:40",
      "from": "@trigger",
      "from_name": "Trigger",
      "subject": "one",
      "message": "One.",
      "status": "opened",
      "auto_execute": false,
      "priority": "low",
      "aipass_actions": {"n": 1},
      "read": true,
      "noted by": "the branch"
    }]}`)
	l := letter("two [b]")
	l.Priority, l.Marker = "high", []byte(`{"n":2}`)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		_, err := d.Rewrite(d.Messages()[0], l)
		return err
	})
	must(t, err)
	want := `{
      "id": "3fa9c01e",
      "timestamp": "2026-02-18 21:14:40",
      "from": "@trigger",
      "from_name": "Trigger",
      "subject": "two (b]",
      "message": "All good.",
      "status": "opened",
      "auto_execute": false,
      "priority": "high",
      "aipass_actions": {
        "n": 2
      },
      "read": true,
      "noted by": "the branch"
    }`
	if diff := cmp.Diff(want, raws(t, dir)[0]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOnlyOurMailHasAMarker(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"id": "x", "aipass_actions": "ours"}`:   "",
		`{"id": "x", "aipass_actions": {"n": 1}}`: `{"n": 1}`,
		`{"id": "x"}`: "",
	} {
		m, err := parseMessage([]byte(raw), time.UTC)
		must(t, err)
		if string(m.Marker()) != want || m.Ours != (want != "") {
			t.Errorf("%s: the marker is %s", raw, m.Marker())
		}
	}
}
