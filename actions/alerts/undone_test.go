package alerts

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Legacy programs overwrite an inbox without the lock, between the moment in
// which an alert is told and the one in which its mail is looked at again.

// The moments are before it is looked at, and before what was undone is done
// again.
const (
	soon  = 50 * time.Millisecond
	later = 150 * time.Millisecond
)

// rewrite has somebody change the list of DRONE's messages when so much time has
// passed.
func (h *host) rewrite(in time.Duration, change func(written []json.RawMessage) []json.RawMessage) {
	done := make(chan struct{})
	time.AfterFunc(in, func() {
		defer close(done)
		h.putMessages(change(h.messages()))
	})
	h.t.Cleanup(func() { <-done })
}

// messages are DRONE's as they stand in the inbox, newest first.
func (h *host) messages() []json.RawMessage {
	h.t.Helper()
	data, err := os.ReadFile(filepath.Join(h.box("drone"), aipass.InboxFile))
	must(h.t, err)
	var box struct{ Messages []json.RawMessage }
	must(h.t, json.Unmarshal(data, &box))
	return box.Messages
}

func (h *host) putMessages(list []json.RawMessage) {
	h.t.Helper()
	data, err := json.Marshal(map[string]any{"messages": list})
	must(h.t, err)
	h.put("drone", string(data))
}

func TestMailThatIsOverwrittenComesBackUnderItsID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newLegacyHost(t)
		var id string
		h.rewrite(soon, func([]json.RawMessage) []json.RawMessage {
			id = h.inbox("drone")[0].ID
			return []json.RawMessage{}
		})
		h.says("delivered", fires("a", 0))
		h.has("new: a firing")
		if got := h.inbox("drone")[0].ID; got != id {
			t.Errorf("%s, and %s before it was overwritten", got, id)
		}
	})
}

// What is told of an alert is what it was news of, and where it is in the end.
func TestWhatIsToldOutlastsALegacyProgramThatOverwritesTheInbox(t *testing.T) {
	t.Parallel()
	for name, its := range map[string]struct {
		before  func(h *host)
		news    []event
		rewrite func(h *host, written, before []json.RawMessage) []json.RawMessage
		want    []Outcome
		mail    []string
	}{
		"with what it had read before": {
			before:  (*host).open,
			news:    []event{ends("a", 0, minute), fires("c", 0)},
			rewrite: func(_ *host, _, before []json.RawMessage) []json.RawMessage { return before },
			want:    []Outcome{Resolved, Updated},
			mail:    []string{"new: a resolved; c firing"},
		},
		"without what is new": {
			before:  (*host).open,
			news:    []event{ends("a", 0, minute), fires("c", 0)},
			rewrite: func(_ *host, written, _ []json.RawMessage) []json.RawMessage { return written[1:] },
			want:    []Outcome{Resolved, Delivered},
			mail:    []string{"new: c firing", "opened: a resolved"},
		},
		"with mail that had been closed": {
			before:  (*host).closeMail,
			news:    []event{fires("c", 0)},
			rewrite: func(_ *host, _, before []json.RawMessage) []json.RawMessage { return before },
			want:    []Outcome{Updated},
			mail:    []string{"new: a firing; c firing", "closed: a firing"},
		},
		"with what is new read, and other mail gone": {
			before: (*host).open,
			news:   []event{fires("a", 0), fires("c", 0)},
			rewrite: func(_ *host, written, _ []json.RawMessage) []json.RawMessage {
				return []json.RawMessage{bytes.Replace(written[0], []byte(`"status": "new"`), []byte(`"status": "opened"`), 1)}
			},
			want: []Outcome{Delivered, Delivered},
			mail: []string{"new: a firing", "opened: c firing"},
		},
		"with what is new closed, and other mail gone": {
			before: (*host).open,
			news:   []event{fires("a", 0), fires("c", 0)},
			rewrite: func(h *host, written, _ []json.RawMessage) []json.RawMessage {
				h.putMessages(written[:1])
				h.closeMail()
				return []json.RawMessage{}
			},
			want: []Outcome{Delivered, Delivered},
			mail: []string{"new: a firing", "closed: c firing"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newLegacyHost(t)
				h.says("delivered", fires("a", 0))
				before := h.messages()
				its.before(h)
				h.after(2*minute).rewrite(soon, func(written []json.RawMessage) []json.RawMessage { return its.rewrite(h, written, before) })

				told, err := h.desk.Accept(t.Context(), notification(its.news...), ToBranch)

				must(t, err)
				h.has(its.mail...)
				mails := append(h.inbox("drone"), h.closedMail("drone")...)
				for i, x := range told {
					if x.Outcome != its.want[i] || !slices.ContainsFunc(mails, func(m mail) bool { return m.ID == x.Message }) {
						t.Errorf("%s was %s in %s, want %s in mail that there is", x.Name, x.Outcome, x.Message, its.want[i])
					}
				}
			})
		})
	}
}

func TestWhatIsToldOfAMailboxThatBreaksIsWhatItsStandInHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newLegacyHost(t)
		h.says("delivered", fires("a", 0))
		h.open()
		h.rewrite(soon, func([]json.RawMessage) []json.RawMessage { return nil }) // null, which is no list

		told, err := h.desk.Accept(t.Context(), notification(ends("a", 0, minute), fires("b", 0)), ToBranch)

		must(t, err)
		in := h.inbox("dev_central")
		if len(in) != 1 || told[0].Outcome != Duplicate || told[0].Message != "" || told[1].Outcome != Delivered || told[1].Message != in[0].ID {
			t.Errorf("%+v, want %+v to know of b, and of no end of a", told, in)
		}
	})
}

// What was missing when it was looked at was news to nobody if it is back when
// it is to be told.
func TestWhatWasOnlyMissingForAMomentIsNotTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newLegacyHost(t)
		h.says("delivered", fires("a", 0))
		h.open()
		var whole []json.RawMessage
		h.rewrite(soon, func(written []json.RawMessage) []json.RawMessage {
			whole = written
			return written[:1]
		})
		h.rewrite(later, func([]json.RawMessage) []json.RawMessage { return whole })
		h.says("duplicate delivered", fires("a", 0), fires("b", 0))
		h.has("new: b firing", "opened: a firing")
	})
}

// Programs of the modern generation take the lock.
func TestAModernMailboxIsNotLookedAtAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t)
		start := time.Now()
		h.says("delivered", fires("a", 0))
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
	})
}
