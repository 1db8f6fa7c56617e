package mailbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	closedFile(t, dir, "deleted/99991231_235959__SCHEDULED_ Health Check.json", `{"id": "not yet"}`)

	got := closedSince(t, dir, now.Add(-time.Hour))
	if diff := cmp.Diff([]string{"ours 08:00:00", "python 07:59:00", "purged 07:58:00"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// closedSince is who was closed, and at what time, newest first.
func closedSince(t *testing.T, dir string, since time.Time) (got []string) {
	t.Helper()
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		got = nil
		for _, c := range d.Closed("[SCHEDULED] Health Check", since) {
			got = append(got, c.ID+" "+c.At.Format(time.TimeOnly))
		}
		return nil
	})
	must(t, err)
	return got
}

// In the night in which clocks are set back one hour is there twice.
func TestWhatWasClosedWithinTheHourToComeMayHaveBeenClosedBefore(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	for _, name := range []string{"20260219_090003", "20260219_090004"} {
		closedFile(t, dir, "deleted/"+name+"__SCHEDULED_ Health Check.json", `{"id": "a"}`)
	}
	if diff := cmp.Diff([]string{"a 09:00:03"}, closedSince(t, dir, now)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOfClosedMailNoMoreIsKeptThanMemoryBears(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	large := strings.Repeat("x", maxClosedSize/2)
	for second, text := range []string{"small", large, large} {
		closedFile(t, dir, fmt.Sprintf("deleted/20260219_07580%d__SCHEDULED_ Health Check.json", second), `{"id": "a", "message": "`+text+`"}`)
	}
	if diff := cmp.Diff([]string{"a 07:58:02", "a 07:58:01"}, closedSince(t, dir, now.Add(-time.Hour))); diff != "" {
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
