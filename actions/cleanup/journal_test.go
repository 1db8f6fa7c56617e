package cleanup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func TestWithoutAJournalNoMailIsChanged(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "opened", 8*day))
	before := h.document("DRONE")
	write(t, h.journal.Dir, "a file where the directory should be")
	_, results := h.run()
	if r := results[0]; r.Err == nil || !strings.Contains(r.Err.Error(), "journal") || !strings.Contains(r.Remedy, "--state.dir") {
		t.Errorf("got %v (%s), want it to be about the journal", r.Err, r.Remedy)
	}
	if r := results[0]; len(r.Opened)+len(r.Closed) > 0 || r.Notice != "" || r.Mail != nil {
		t.Errorf("and yet it says %+v", r)
	}
	if h.document("DRONE") != before || len(h.archive("DRONE")) > 0 {
		t.Errorf("and yet there is %v and\n%s", h.archive("DRONE"), h.document("DRONE"))
	}
}

// The clock is asked for the time of archiving when all else is prepared, and
// is a good moment to look around, and to make the archiving fail.
func TestTheJournalIsWrittenBeforeTheMailChanges(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "opened", 8*day))
	before := h.document("DRONE")
	var seen []History
	h.cleanup.Mailbox.Now = func() time.Time {
		runs, err := h.journal.List()
		if seen = runs; err != nil || h.document("DRONE") != before || len(h.archive("DRONE")) > 0 {
			t.Errorf("%v, the archive has %v, the inbox is\n%s", err, h.archive("DRONE"), h.document("DRONE"))
		}
		if len(runs) > 0 {
			must(t, os.Remove(filepath.Join(h.box("DRONE"), aipass.ClosedMailDir)))
		}
		return h.now
	}
	id, results := h.run()
	want := []BranchHistory{{Branch: "DRONE", Opened: 1, Closed: 1}}
	if len(seen) != 1 || cmp.Diff(want, seen[0].Branches, exported) != "" {
		t.Fatalf("the journal said %+v", seen)
	}
	history, err := h.journal.Read(id)
	must(t, err)
	if results[0].Err == nil || h.document("DRONE") != before {
		t.Fatalf("got %v and\n%s", results[0].Err, h.document("DRONE"))
	}
	want[0].Finished, want[0].Err = true, results[0].Err.Error()
	if diff := cmp.Diff(want, history.Branches, exported); diff != "" {
		t.Errorf("afterwards, -want +got:\n%s", diff)
	}
	if got := h.putBack(id, ""); len(got.Restored)+len(got.Kept) > 0 || h.document("DRONE") != before {
		t.Errorf("there was nothing to put back, and yet %+v", got)
	}
}

// exported compares what callers see.
var exported = cmp.FilterPath(func(p cmp.Path) bool {
	field, is := p.Last().(cmp.StructField)
	return is && unicode.IsLower(rune(field.Name()[0]))
}, cmp.Ignore())

func TestTheJournalHasWhatFromWhereToWhereAndTheOriginal(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "opened", 8*day))
	_, before, _ := strings.Cut(h.document("DRONE"), "[\n    ")
	before, _, _ = strings.Cut(before, "\n  ]")
	first, second, _ := strings.Cut(before, ",\n    {")
	id, result := h.clean()
	var lines []record
	for line := range strings.Lines(read(t, h.journal.path(id))) {
		var rec record
		must(t, json.Unmarshal([]byte(line), &rec))
		lines = append(lines, rec)
	}
	opened := sent("a", "opened", 3*day, mail{"read": true, "auto_opened": true, "auto_opened_at": "2026-02-19T12:00:00"})
	var after mail
	must(t, json.Unmarshal([]byte(lines[1].Mailbox.Changes[0].After), &after))
	if diff := cmp.Diff(opened, after); diff != "" {
		t.Errorf("after: -want +got:\n%s", diff)
	}
	at := noon.Format(time.DateTime)
	changes := []changeRecord{
		{Kind: "changed", ID: "a", Timestamp: noon.Add(-3 * day).Format(time.DateTime), Subject: "about a", Before: first, Behind: 1},
		{Kind: "archived", ID: "b", Timestamp: noon.Add(-8 * day).Format(time.DateTime), Subject: "about b", Before: "{" + second, Archive: "deleted/20260219_120000_about b_b.json"},
		{Kind: "delivered", ID: result.Notice, Timestamp: at, Subject: "[SCHEDULED] Stale mail - 1 message opened", Behind: 1},
	}
	want := []record{
		{Run: &runRecord{1, noon, h.root}},
		{Mailbox: &mailboxRecord{"DRONE", changes, "", sum([]byte(h.document("DRONE")))}},
		{Done: &doneRecord{Branch: "DRONE", Changed: []mailbox.Key{changes[0].key(), changes[1].key(), changes[2].key()}}},
	}
	for i := range lines[1].Mailbox.Changes {
		lines[1].Mailbox.Changes[i].After = ""
	}
	if diff := cmp.Diff(want, lines, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestARunThatChangesNothingLeavesNoFile(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", hour))
	run := h.journal.Begin(h.now, h.root)
	c := h.cleanup
	c.Now, c.Journal = h.now, run
	c.Run(t.Context(), h.look())
	must(t, run.Close())
	if _, err := os.Stat(h.journal.Dir); !errors.Is(err, fs.ErrNotExist) || run.Changed() {
		t.Errorf("changed: %t, journal: %v", run.Changed(), err)
	}
}

func TestTheJournalIsNobodyElsesToRead(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	id, _ := h.clean()
	for path, want := range map[string]fs.FileMode{h.journal.Dir: 0o700 | fs.ModeDir, h.journal.path(id): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

// Behind half a record nothing could be read, so there comes nothing.
func TestNothingIsWrittenBehindWhatCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	run := Journal{t.TempDir()}.Begin(noon, "/home/aipass")
	must(t, run.record("DRONE", nil, nil, nil))
	good := run.file
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer full.Close()
	run.file = full
	first := run.record("FLOW", nil, nil, nil)
	run.file = good
	if err := run.finish("DRONE", nil, nil); first == nil || !errors.Is(err, first) {
		t.Errorf("got %v, then %v", first, err)
	}
	must(t, run.Close())
}

func TestOldRunsArePruned(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	var ids []string
	for _, age := range []time.Duration{90*day + time.Second, 90 * day, 0} {
		h.put("DRONE", inbox(sent("a", "new", 300*day)))
		h.now = noon.Add(-age)
		id, _ := h.clean()
		ids = append(ids, id)
	}
	for _, other := range []string{"notes.jsonl", "20200101T000000Z-beef.txt", "20200101-beef.jsonl"} {
		write(t, filepath.Join(h.journal.Dir, other), "")
	}
	if n, err := h.journal.Prune(noon.Add(-90 * day)); n != 1 || err != nil {
		t.Errorf("removed %d, %v, want 1", n, err)
	}
	left, err := filepath.Glob(filepath.Join(h.journal.Dir, "*"))
	must(t, err)
	for i, id := range ids {
		if _, err := os.Stat(h.journal.path(id)); errors.Is(err, fs.ErrNotExist) != (i == 0) {
			t.Errorf("run %d: %v", i, err)
		}
	}
	if len(left) != 5 {
		t.Errorf("left are %v", left)
	}
	if n, err := (Journal{filepath.Join(t.TempDir(), "none")}).Prune(noon); n != 0 || err != nil {
		t.Errorf("of no journal: %d, %v", n, err)
	}
}
