package cleanup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// What the branch has done since the run, by message.

func (h *host) wantKept(t *testing.T, got Undone, message, why string) {
	t.Helper()
	want := []string{message + ": " + why}
	if diff := cmp.Diff(want, got.Kept); diff != "" {
		t.Errorf("kept: -want +got:\n%s", diff)
	}
}

func TestUndoLeavesAMessageThatTheBranchHasEdited(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	pythonRewrites(t, h.file("DRONE"), "next(m for m in doc['messages'] if m['id'] == 'b')['note'] = 'later'")
	edited := h.mail("DRONE", "b")
	got := h.putBack(id, "")
	h.wantKept(t, got, `b "about b"`, "the branch has changed it since")
	if diff := cmp.Diff(edited, h.mail("DRONE", "b")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, h.ids("DRONE")); diff != "" {
		t.Errorf("the others: -want +got:\n%s", diff)
	}
}

func TestUndoLeavesAMessageThatTheBranchHasClosed(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	pythonRewrites(t, h.file("DRONE"), fmt.Sprintf(pythonCloses, "b"))
	got := h.putBack(id, "")
	h.wantKept(t, got, `b "about b"`, "it is not in the inbox any more")
	if diff := cmp.Diff([]string{"a", "c", "d"}, h.ids("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Viewing an opened message changes nothing in it, so it is as the run left it.
func TestUndoPutsBackAMessageThatWasOnlyViewedAgain(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	pythonRewrites(t, h.file("DRONE"), fmt.Sprintf(pythonViews, "b"))
	if got := h.putBack(id, ""); len(got.Kept) > 0 || h.mail("DRONE", "b")["status"] != "new" {
		t.Errorf("got %+v", got)
	}
}

func TestUndoLeavesANoticeThatHasBeenRead(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, result := h.clean()
	pythonRewrites(t, h.file("DRONE"), fmt.Sprintf(pythonViews, result.Notice))
	got := h.putBack(id, "")
	h.wantKept(t, got, result.Notice+` "(SCHEDULED) Stale mail - 1 message opened"`, "the branch has read the notice")
	if diff := cmp.Diff([]string{result.Notice, "a", "b", "c", "d"}, h.ids("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUndoDoesNotMissANoticeThatWasClosed(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, result := h.clean()
	pythonRewrites(t, h.file("DRONE"), fmt.Sprintf(pythonCloses, result.Notice))
	if got := h.putBack(id, ""); len(got.Kept) > 0 || h.document("DRONE") != before {
		t.Errorf("got %+v", got)
	}
}

func TestUndoPutsMessagesBackInTheirPlaceBehindNewMail(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "\n"} { // of which the journal has the whole inbox
		h, before := four(t)
		h.put("DRONE", before+end)
		id, result := h.clean()
		h.put("DRONE", inbox(slices.Concat([]mail{sent("x", "new", 0), sent("y", "new", 0)}, h.mails("DRONE"))...))
		if got := h.putBack(id, ""); len(got.Kept) > 0 || h.mail("DRONE", result.Notice) != nil {
			t.Errorf("got %+v", got)
		}
		if diff := cmp.Diff([]string{"x", "y", "a", "b", "c", "d"}, h.ids("DRONE")); diff != "" {
			t.Errorf("%q: -want +got:\n%s", end, diff)
		}
	}
}

func TestUndoAfterPythonHasSpelledTheInboxAnew(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	before := fmt.Sprintf(`{"messages":[{"id":"a","timestamp":"%s","subject":"\u00e9 \/ \ud83d\ude00","n":1.50e+3,"x":[{}]}]}`, noon.Add(-3*day).Format(time.DateTime))
	h.put("DRONE", before)
	id, _ := h.clean()
	pythonRewrites(t, h.file("DRONE"))
	if strings.Contains(h.document("DRONE"), `\u00e9`) {
		t.Fatal("python has kept the spelling")
	}
	if got := h.putBack(id, ""); len(got.Kept) > 0 || len(got.Restored) != 1 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]mail{decoded(t, before)["messages"].([]any)[0].(map[string]any)}, h.mails("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnArchiveThatWasPurgedComesBackFromTheJournal(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, _ := h.clean()
	for file := range h.archive("DRONE") {
		must(t, os.Remove(file))
	}
	h.putBack(id, "")
	if diff := cmp.Diff(before, h.document("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnArchiveThatWasEditedStays(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, _ := h.clean()
	edited := map[string]string{}
	for file, text := range h.archive("DRONE") {
		if strings.Contains(text, "about c") {
			edited[file] = strings.Replace(text, "Hello.", "Hello, mine.", 1)
			write(t, file, edited[file])
		}
	}
	h.putBack(id, "")
	for file, text := range edited {
		if got := read(t, file); got != text {
			t.Errorf("%s: got %s", file, got)
		}
	}
	if diff := cmp.Diff(before, h.document("DRONE")); diff != "" {
		t.Errorf("inbox: -want +got:\n%s", diff)
	}
}

func TestUndoDoesNotDoubleWhatIsBackAlready(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	h.put("DRONE", inbox(append([]mail{sent("a", "opened", 8*day), sent("c", "opened", 9*day, mail{"note": "taken up again"})}, h.mails("DRONE")...)...))
	got := h.putBack(id, "")
	h.wantKept(t, got, `c "about c"`, "one of this id, time and subject is in the inbox already")
	if diff := cmp.Diff([]string{"a", "c", "b", "d"}, h.ids("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatAMessageIsCalledDoesNotForgeALineOfTheAnswer(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day, mail{"subject": "x\n[/] y"}))
	id, _ := h.clean()
	pythonRewrites(t, h.file("DRONE"), "doc['messages'] = []")
	h.wantKept(t, h.putBack(id, ""), `a "x (/) y"`, "it is not in the inbox any more")
}

// Somebody without the lock writes to the inbox while the run is at it, so it
// does its work anew. The journal has both, and the second counts.
func TestUndoOfARunThatHadToBeginAnew(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	late := strings.Replace(before, "Hello.", "Hello, late.", 1) + "\n" // about a
	h.cleanup.Mailbox.Now = func() time.Time {                          // is asked for the time of archiving
		if runs, err := h.journal.List(); err != nil || len(runs) == 1 && h.document("DRONE") == before {
			write(t, h.file("DRONE"), late)
		}
		return h.now
	}
	id, result := h.clean()
	if n := strings.Count(read(t, h.journal.path(id)), `{"mailbox":`); n != 2 {
		t.Fatalf("the journal has %d records of the mailbox, want 2", n)
	}
	if got := h.mail("DRONE", result.Notice)["subject"]; got != "[SCHEDULED] Stale mail - 1 message opened" {
		t.Errorf("the notice is called %q", got)
	}
	history, err := h.journal.Read(id)
	must(t, err)
	if b := history.Branches[0]; b.Opened != 1 || b.Closed != 2 {
		t.Errorf("opened %d, closed %d, want each counted once", b.Opened, b.Closed)
	}
	if got := h.putBack(id, ""); len(got.Restored) != 3 || len(got.Kept) > 0 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(late, h.document("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The branch has dealt with it: in the inbox again, it would be there twice.
func TestUndoLeavesWhatTheBranchHasClosedSince(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ first, again string }{
		"after a whole undo":           {"", ""},
		"after an undo of it alone":    {"a", ""},
		"after an undo of it, by name": {"a", "a"},
	} {
		h, _ := four(t)
		id, _ := h.clean()
		h.putBack(id, c.first)
		closes(t, h, "a")
		if undone, err := h.undo(id, c.again); err != nil && !errors.Is(err, ErrNoMessage) {
			t.Errorf("%s: %+v, %v", name, undone, err)
		}
		if slices.Contains(h.ids("DRONE"), "a") {
			t.Errorf("%s: it is back", name)
		}
	}
}

// A run that was killed may only have been about to close it.
func TestUndoLeavesWhatTheBranchHasClosedInsteadOfTheRun(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, _ := h.clean()
	whole := read(t, h.journal.path(id))
	write(t, h.journal.path(id), whole[:strings.Index(whole, `{"done":`)])
	must(t, os.RemoveAll(filepath.Join(h.box("DRONE"), aipass.ClosedMailDir)))
	h.put("DRONE", before)
	closes(t, h, "a")
	h.wantKept(t, h.putBack(id, ""), `a "about a"`, "the branch has closed it itself")
	if slices.Contains(h.ids("DRONE"), "a") {
		t.Error("it is back")
	}
}

// closes is what a branch does: the message leaves the inbox for a file of
// AIPass's naming.
func closes(t *testing.T, h *host, id string) {
	t.Helper()
	m := h.mail("DRONE", id)
	m["status"], m["read"], m["archived_at"] = "closed", true, "2026-02-19T13:00:00"
	write(t, filepath.Join(h.box("DRONE"), aipass.ClosedMailDir, "20260219_130000_about "+id+".json"), encoded(t, m))
	pythonRewrites(t, h.file("DRONE"), "doc['messages'] = [m for m in doc['messages'] if m['id'] != '"+id+"']")
}

func TestUndoDoesNotAddToTwins(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "opened", 8*day))
	id, _ := h.clean()
	h.put("DRONE", inbox(sent("a", "opened", 8*day), sent("a", "opened", 8*day)))
	h.wantKept(t, h.putBack(id, ""), `a "about a"`, "there are several of this id, time and subject")
	if got := h.ids("DRONE"); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}
