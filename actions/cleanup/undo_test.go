package cleanup

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// four is a mailbox in which a run opens b and closes a and c.
func four(t *testing.T) (h *host, before string) {
	t.Helper()
	h = with(t, sent("a", "opened", 8*day), sent("b", "new", 3*day), sent("c", "opened", 9*day), sent("d", "new", hour))
	return h, h.document("DRONE")
}

func TestUndoPutsTheInboxBackToTheByte(t *testing.T) {
	t.Parallel()
	_, python := four(t)
	for name, text := range map[string]string{
		"as Python writes":     python,
		"with a newline":       python + "\n",
		"of Windows":           strings.ReplaceAll(python, "\n", "\r\n"),
		"compact":              strings.NewReplacer("\n", "", "  ", "").Replace(python),
		"with wrong counters":  strings.Replace(python, `"unread_count": 2`, `"unread_count": 9`, 1),
		"with other members":   strings.Replace(python, `"mailbox"`, `"n": 1.50e+3, "mailbox"`, 1),
		"a list":               python[strings.IndexByte(python, '[') : len(python)-2],
		"of a name once used":  strings.Replace(python, `"messages"`, `"inbox"`, 1),
		"with escapes":         strings.Replace(python, "Hello", `\u00e9 \/ é`, 1),
		"without its counters": `{"messages": ` + python[strings.IndexByte(python, '['):],
	} {
		h := newHost(t, "DRONE")
		h.put("DRONE", text)
		id, result := h.clean()
		if len(result.Opened) != 1 || len(result.Closed) != 2 {
			t.Fatalf("%s: %+v", name, result)
		}
		undone := h.putBack(id, "")
		if diff := cmp.Diff(text, h.document("DRONE")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if len(undone.Kept) > 0 {
			t.Errorf("%s: kept are %v", name, undone.Kept)
		}
	}
}

func TestUndoSaysWhatItPutBack(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	got := h.putBack(id, "")
	item := func(id string, age time.Duration) Item { return Item{id, "@flow", "about " + id, noon.Add(-age)} }
	want := Undone{
		Branch: "DRONE", Mail: &mailbox.Count{Unread: 2, Total: 4},
		Restored: []Item{item("c", 9*day), item("b", 3*day), item("a", 8*day)}, // and no word of the notice
	}
	got.Left = nil // which is about what comes after
	if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUndoOfOneMessageLeavesTheOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		message string
		want    []string
	}{
		{"a", []string{"notice", "a", "b opened", "d new"}},
		{"b", []string{"notice", "b new", "d new"}},
		{"c", []string{"notice", "b opened", "c", "d new"}},
	} {
		h, before := four(t)
		h.put("DRONE", before+"\n") // not as Python writes it: the journal has all of it
		id, result := h.clean()
		undone := h.putBack(id, c.message)
		if diff := cmp.Diff([]string{c.message}, items(undone.Restored)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.message, diff)
		}
		var got []string
		for i, m := range h.mails("DRONE") {
			want := strings.Fields(c.want[min(i, len(c.want)-1)])
			switch {
			case m["id"] == result.Notice:
				got = append(got, "notice")
			case len(want) > 1:
				got = append(got, fmt.Sprint(m["id"], " ", m["status"]))
			default:
				got = append(got, m["id"].(string))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.message, diff)
		}
	}
}

func TestANoticeCanBeTakenBackAlone(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, result := h.clean()
	undone := h.putBack(id, result.Notice)
	if diff := cmp.Diff([]string{"b", "d"}, h.ids("DRONE")); diff != "" || len(undone.Restored) > 0 {
		t.Errorf("restored %v, -want +got:\n%s", items(undone.Restored), diff)
	}
}

func TestASecondUndoDoesNothing(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, _ := h.clean()
	h.putBack(id, "")
	tree1 := tree(t, h.root)
	got, err := h.undo(id, "")
	must(t, err)
	if len(got) > 0 || h.document("DRONE") != before {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(tree1, tree(t, h.root)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestARunIsUndoneWhenAllOfItIs(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "new", 3*day))
	id, _ := h.clean()
	isUndone := func() bool {
		history, err := h.journal.Read(id)
		must(t, err)
		return history.Undone()
	}
	h.putBack(id, "a")
	if isUndone() {
		t.Error("one message of two is all")
	}
	h.putBack(id, "")
	if !isUndone() {
		t.Error("all is not all")
	}
}

func TestRunsAreUndoneBackToTheFirst(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	var ids, inboxes []string
	for range 12 {
		inboxes = append(inboxes, h.document("DRONE"))
		id, _ := h.clean()
		ids = append(ids, id)
		h.now = h.now.Add(day)
	}
	if len(h.ids("DRONE")) > 0 {
		t.Fatalf("there is still %v", h.ids("DRONE"))
	}
	for i, id := range slices.Backward(ids) {
		if _, err := h.journal.Read(id); errors.Is(err, ErrNoRun) {
			continue // which had nothing to do
		}
		h.putBack(id, "")
		if diff := cmp.Diff(inboxes[i], h.document("DRONE")); diff != "" {
			t.Fatalf("run %d: -want +got:\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(before, h.document("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUndoInALegacyMailbox(t *testing.T) {
	t.Parallel()
	_, before := four(t)
	h := newLegacyHost(t, before+"\n")
	id, _ := h.clean()
	undone := h.putBack(id, "")
	got := read(t, filepath.Join(h.root, "drone", "ai_mail.local", aipass.InboxFile))
	if diff := cmp.Diff(before+"\n", got); diff != "" || len(undone.Restored) != 3 {
		t.Errorf("%v, -want +got:\n%s", items(undone.Restored), diff)
	}
}

// No program without the lock can lose what is in the archive as well, and who
// closes the message again makes no second file of it.
func TestWhatIsPutBackStaysInTheArchive(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	archive := h.archive("DRONE")
	h.putBack(id, "")
	if diff := cmp.Diff(archive, h.archive("DRONE")); diff != "" || len(archive) != 2 {
		t.Errorf("-want +got:\n%s", diff)
	}
	h.now = h.now.Add(hour)
	if _, result := h.clean(); len(result.Closed) != 2 {
		t.Errorf("got %+v", result)
	}
	if diff := cmp.Diff(archive, h.archive("DRONE")); diff != "" {
		t.Errorf("closed again: -want +got:\n%s", diff)
	}
}
