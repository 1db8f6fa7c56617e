package cleanup

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// hostsOfRandomMail are a few hosts of many branches each, so that every test
// sees the same thousands of messages.
const (
	randomHosts    = 3
	randomBranches = 30
)

func forRandomHosts(t *testing.T, test func(t *testing.T, h *host, r *rand.Rand)) {
	t.Helper()
	for seed := range uint64(randomHosts) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 2026))
			h := newHost(t)
			var branches []string
			for i := range randomBranches {
				name := fmt.Sprintf("B%02d", i)
				h.put(name, randomInbox(r))
				if i%3 == 0 {
					write(t, filepath.Join(h.box(name), aipass.ClosedMailDir, "20260101_000000_about.json"), `{"id": "a"}`)
				}
				branches = append(branches, name)
			}
			h.register(branches...)
			test(t, h, r)
		})
	}
}

func TestUndoOfACleanupIsTheInboxAsItWas(t *testing.T) {
	t.Parallel()
	forRandomHosts(t, func(t *testing.T, h *host, _ *rand.Rand) {
		before := h.mailboxes()
		id, results := h.run()
		wantMuchDone(t, results)
		wantNothingLeftToDo(t, h)
		undone, err := h.undo(id, "")
		must(t, err)
		wantAllUndone(t, undone)
		after := h.mailboxes()
		for branch, b := range before {
			wantAsBefore(t, branch, b, after[branch])
		}
	})
}

func TestUndoOfTwoCleanupsIsTheInboxAsItWas(t *testing.T) {
	t.Parallel()
	forRandomHosts(t, func(t *testing.T, h *host, _ *rand.Rand) {
		before := h.mailboxes()
		first, _ := h.run()
		h.now = h.now.Add(5 * day)
		second, results := h.run()
		wantMuchDone(t, results)
		for _, id := range []string{second, first} {
			undone, err := h.undo(id, "")
			must(t, err)
			wantAllUndone(t, undone)
		}
		after := h.mailboxes()
		for branch, b := range before {
			wantAsBefore(t, branch, b, after[branch])
		}
	})
}

func TestUndoMessageByMessageIsTheMailAsItWas(t *testing.T) {
	t.Parallel()
	forRandomHosts(t, func(t *testing.T, h *host, r *rand.Rand) {
		before, look := h.messages(), h.look()
		id, _ := h.runOver(look)
		history, err := h.journal.Read(id)
		must(t, err)
		ids := []string{}
		for _, b := range history.Branches {
			for _, c := range b.changes {
				if c.ID != "" && !slices.Contains(ids, c.ID) {
					ids = append(ids, c.ID)
				}
			}
		}
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		for _, message := range append(ids, "") { // at last those that have no id
			undone, err := Undo{Journal: h.journal, Run: history, Message: message, Now: h.now, Mailbox: h.cleanup.Mailbox}.Carry(t.Context(), look)
			must(t, err)
			wantAllUndone(t, undone)
		}
		if diff := cmp.Diff(before, h.messages()); diff != "" {
			t.Errorf("-before +after:\n%s", diff)
		}
	})
}

// FuzzUndo is the same of any document.
func FuzzUndo(f *testing.F) {
	for seed := range uint64(20) {
		f.Add([]byte(randomInbox(rand.New(rand.NewPCG(seed, 2027)))))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h := newHost(t, "DRONE")
		h.put("DRONE", string(text))
		before := h.mailboxes()["DRONE"]
		id, results := h.run()
		if results[0].Err != nil || results[0].Mail == nil {
			if h.document("DRONE") != string(text) {
				t.Errorf("%+v, and yet it has changed", results[0])
			}
			return
		}
		wantNothingLeftToDo(t, h)
		undone, err := h.undo(id, "")
		must(t, err)
		wantAllUndone(t, undone)
		wantAsBefore(t, "DRONE", before, h.mailboxes()["DRONE"])
	})
}

// A mailboxState is what a mailbox holds.
type mailboxState struct {
	Inbox   string
	Archive map[string]string
}

func (h *host) mailboxes() map[string]mailboxState {
	h.t.Helper()
	states := map[string]mailboxState{}
	for _, b := range h.look() {
		states[b.Name] = mailboxState{h.document(b.Name), h.archive(b.Name)}
	}
	return states
}

// messages are all messages of all branches, as they are spelled.
func (h *host) messages() map[string][]string {
	h.t.Helper()
	all := map[string][]string{}
	for _, b := range h.look() {
		_, err := mailbox.At(b.MailboxDir(), h.cleanup.Mailbox).Look(h.t.Context(), func(d *mailbox.Doc) error {
			for _, m := range d.Messages() {
				all[b.Name] = append(all[b.Name], string(m.Raw()))
			}
			return nil
		})
		must(h.t, err)
	}
	return all
}

// wantAsBefore allows one difference: half a character that was escaped, and
// which Python could not write, comes back replaced. The archive has more.
func wantAsBefore(t *testing.T, branch string, before, after mailboxState) {
	t.Helper()
	if before.Inbox != after.Inbox {
		whole := []byte(before.Inbox)
		jsonfile.ReplaceLoneSurrogates(whole)
		before.Inbox = string(whole)
	}
	if diff := cmp.Diff(before.Inbox, after.Inbox); diff != "" {
		t.Errorf("%s: -before +after:\n%s", branch, diff)
	}
	for file, text := range before.Archive {
		if after.Archive[file] != text {
			t.Errorf("%s: the archive has lost %s", branch, file)
		}
	}
}

func wantMuchDone(t *testing.T, results []Result) {
	t.Helper()
	opened, closed := 0, 0
	for _, r := range results {
		if r.Err != nil {
			t.Errorf("%s: %v", r.Branch, r.Err)
		}
		opened, closed = opened+len(r.Opened), closed+len(r.Closed)
	}
	if opened < 3 || closed < 3 {
		t.Errorf("opened %d, closed %d: what does this test?", opened, closed)
	}
}

// wantNothingLeftToDo says that a run leaves nothing to the next one at the
// same time.
func wantNothingLeftToDo(t *testing.T, h *host) {
	t.Helper()
	for _, r := range h.dryRun() {
		if r.Err != nil || len(r.Opened)+len(r.Closed) > 0 || r.Notice != "" {
			t.Errorf("the next run would do %+v", r)
		}
	}
}

func wantAllUndone(t *testing.T, undone []Undone) {
	t.Helper()
	for _, u := range undone {
		if u.Err != nil || len(u.Kept) > 0 {
			t.Errorf("%+v", u)
		}
	}
}
