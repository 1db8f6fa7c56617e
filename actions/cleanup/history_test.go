package cleanup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func TestTheJournalListsRunsNewestFirst(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	h.put("DRONE", inbox(sent("a", "new", 3*day), sent("b", "opened", 8*day)))
	h.put("FLOW", inbox(sent("c", "opened", 8*day), sent("d", "opened", 9*day)))
	first, _ := h.run()
	h.now = h.now.Add(3 * day)
	h.put("FLOW", inbox(sent("e", "new", 0)))
	second, _ := h.run()
	runs, err := h.journal.List()
	must(t, err)
	want := []History{
		{ID: second, Started: h.now, Home: h.root, Branches: []BranchHistory{
			{Branch: "DRONE", Opened: 1, Finished: true}, // the notice
			{Branch: "FLOW", Opened: 1, Finished: true},
		}},
		{ID: first, Started: noon, Home: h.root, Branches: []BranchHistory{
			{Branch: "DRONE", Opened: 1, Closed: 1, Finished: true},
			{Branch: "FLOW", Closed: 2, Finished: true},
		}},
	}
	if diff := cmp.Diff(want, runs, exported, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if opened, closed := runs[1].Count(); opened != 1 || closed != 3 {
		t.Errorf("got %d opened, %d closed, want 1 and 3", opened, closed)
	}
}

// Old runs hold whole inboxes, which nobody wants to read every day.
func TestRunsSinceATimeAreReadWithoutTheOthers(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	h.put("DRONE", inbox(sent("a", "new", 3*day)))
	first, _ := h.run()
	h.now = h.now.Add(3 * day)
	h.put("DRONE", inbox(sent("e", "new", 0)))
	second, _ := h.run()
	must(t, os.WriteFile(h.journal.path(first), []byte("not to be read\n"), 0o600))
	runs, err := h.journal.Since(h.now)
	must(t, err)
	if len(runs) != 1 || runs[0].ID != second {
		t.Errorf("got %+v", runs)
	}
	if _, err := h.journal.Since(noon); err == nil {
		t.Error("the first run is passed over")
	}
}

func TestNoJournalHasNoRuns(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	if runs, err := h.journal.List(); len(runs) > 0 || err != nil {
		t.Errorf("got %v, %v", runs, err)
	}
	if _, err := h.journal.Read("20260219T120000Z-beef"); !errors.Is(err, ErrNoRun) || !strings.Contains(err.Error(), "20260219T120000Z-beef") {
		t.Errorf("got %v", err)
	}
}

// spoil changes the lines of a run's file.
func (h *host) spoil(id string, change func(lines []string) []string) {
	h.t.Helper()
	lines := strings.SplitAfter(read(h.t, h.journal.path(id)), "\n")
	write(h.t, h.journal.path(id), strings.Join(change(lines), ""))
}

func TestAJournalThatCannotBeReadSaysWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func([]string) []string
		line   string
		what   string
	}{
		"garbage in the middle": {func(l []string) []string { l[1] = "\x00garbage\n"; return l }, "line 2", "invalid character"},
		"half a record":         {func(l []string) []string { l[1] = l[1][:99] + "\n"; return l }, "line 2", "unexpected end"},
		"an empty line":         {func(l []string) []string { l[2] = "\n"; return l }, "line 3", "unexpected end"},
		"a list":                {func(l []string) []string { l[0] = "[]\n"; return l }, "line 1", "cannot unmarshal array"},
		"another version": {func(l []string) []string {
			l[0] = strings.Replace(l[0], `"version":1`, `"version":2`, 1)
			return l
		}, "line 1", "version 2, which this program does not know"},
	} {
		h := with(t, sent("a", "new", 3*day))
		bad, _ := h.clean()
		h.put("DRONE", inbox(sent("a", "new", 3*day)))
		h.now = h.now.Add(time.Second)
		good, _ := h.clean()
		h.spoil(bad, c.change)
		_, err := h.journal.Read(bad)
		for _, want := range []string{h.journal.path(bad), c.line, c.what} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
		runs, listed := h.journal.List()
		if len(runs) != 1 || runs[0].ID != good || listed == nil || listed.Error() != err.Error() {
			t.Errorf("%s: it costs the others: %+v, %v", name, runs, listed)
		}
	}
}

func TestOtherFilesInTheJournalAreNoRuns(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	h.clean()
	write(t, filepath.Join(h.journal.Dir, "README"), "hello")
	must(t, os.Mkdir(filepath.Join(h.journal.Dir, "old.jsonl"), 0o755))
	runs, err := h.journal.List()
	if len(runs) != 1 || err == nil || !strings.Contains(err.Error(), "old.jsonl") {
		t.Errorf("got %d runs, %v", len(runs), err)
	}
}

// The machine stopped while it was being written: what it was about had not
// begun.
func TestAJournalMayEndInTheMiddleOfARecord(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	before := inbox(sent("a", "new", 3*day))
	h.put("DRONE", before)
	id, _ := h.run()
	half := `{"mailbox":{"branch":"FLOW","changes":[{"kind":"changed","id":"` + strings.Repeat("x", 200_000)
	h.spoil(id, func(lines []string) []string { return append(lines, half) })
	history, err := h.journal.Read(id)
	if err != nil || !history.Cut || len(history.Branches) != 1 {
		t.Fatalf("got %+v, %v", history, err)
	}
	h.putBack(id, "")
	if diff := cmp.Diff(before, h.document("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	after, err := h.journal.Read(id) // what the undo has written must not be behind half a record
	if err != nil || after.Cut || !after.Undone() {
		t.Errorf("afterwards got %+v, %v", after, err)
	}
}

func TestAJournalMayEndInTheMiddleOfItsFirstRecord(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	write(t, h.journal.path("x"), `{"run":{"vers`)
	history, err := h.journal.Read("x")
	if err != nil || !history.Cut || !history.Undone() {
		t.Errorf("got %+v, %v", history, err)
	}
	f, err := h.journal.reopen("x")
	must(t, err)
	f.Close()
	if got := read(t, h.journal.path("x")); got != "" {
		t.Errorf("there is still %s", got)
	}
}

// Undo without a run takes the last that has not been undone, so it must not
// find the same one for ever.
func TestABranchToWhichNothingWasDoneNeedsNoUndo(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	h.put("DRONE", inbox(sent("a", "opened", 8*day)))
	h.put("FLOW", inbox(sent("b", "new", 3*day)))
	must(t, os.Mkdir(filepath.Join(h.box("FLOW"), aipass.InboxLock), 0o755))
	c := h.cleanup
	c.Now, c.Journal = h.now, h.journal.Begin(h.now, h.root)
	look := h.look()
	c.Run(t.Context(), look[:1]) // first, for without a record there is no file
	c.Run(t.Context(), look[1:])
	must(t, c.Journal.Close())
	history, err := h.journal.Read(c.Journal.ID)
	must(t, err)
	if history.Undone() || history.Branches[1].Err == "" {
		t.Fatalf("got %+v", history)
	}
	h.putBack(c.Journal.ID, "")
	if history, err = h.journal.Read(c.Journal.ID); err != nil || !history.Undone() {
		t.Errorf("put back, it is %+v, %v", history, err)
	}
}

// Somebody closed the message while the run was about to. It is in the archive
// by their hand, and an undo would put a second one into the inbox.
func TestWhatTheRunDidNotComeToIsNotPutBack(t *testing.T) {
	t.Parallel()
	b := BranchHistory{}
	done, overtaken := changeRecord{Kind: mailbox.Archived, ID: "a"}, changeRecord{Kind: mailbox.Archived, ID: "b"}
	b.add(&mailboxRecord{Changes: []changeRecord{done, overtaken}})
	b.add(&mailboxRecord{Changes: []changeRecord{done}})
	b.finish(&doneRecord{Changed: []mailbox.Key{{ID: "a"}}})
	if len(b.changes) != 1 || b.changes[0].ID != "a" || b.Closed != 1 {
		t.Errorf("got %+v", b)
	}
	b.add(&mailboxRecord{Changes: []changeRecord{overtaken}})
	b.finish(&doneRecord{Err: "no space", Changed: []mailbox.Key{}})
	if len(b.changes) != 2 {
		t.Errorf("got %+v, want all that may have been done", b)
	}
}
