package alerts

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A mailbox that cannot be used until somebody sees to it costs no alert.
func TestWhoHasNoUsableMailboxIsStoodInFor(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(h *host){
		"no inbox":     func(h *host) { must(h.t, os.Remove(filepath.Join(h.box("drone"), aipass.InboxFile))) },
		"no mailbox":   func(h *host) { must(h.t, os.RemoveAll(h.box("drone"))) },
		"no directory": func(h *host) { must(h.t, os.RemoveAll(filepath.Join(h.root, "drone"))) },
		"a link": func(h *host) {
			inbox := filepath.Join(h.box("drone"), aipass.InboxFile)
			must(h.t, os.Rename(inbox, inbox+".real"))
			must(h.t, os.Symlink(inbox+".real", inbox))
		},
		"a directory of another host": func(h *host) {
			away := filepath.Join(h.t.TempDir(), "drone")
			must(h.t, os.Rename(filepath.Join(h.root, "drone"), away))
			must(h.t, os.Symlink(away, filepath.Join(h.root, "drone")))
		},
		"a broken inbox": func(h *host) {
			h.put("drone", "[")
			must(h.t, os.Chtimes(filepath.Join(h.box("drone"), aipass.InboxFile), noon, noon))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			spoil(h)
			told, err := h.desk.Accept(t.Context(), about("DRONE"), ToBranch)
			must(t, err)
			got := h.inbox("devpulse")
			if told[0].Branch != "DEVPULSE" || told[0].Outcome != Delivered || len(got) != 1 || !strings.Contains(got[0].Message, `meant for "DRONE", whose mailbox cannot be used`) {
				t.Errorf("%+v, and %+v", told, got)
			}
		})
	}
}

// What a mailbox knew that cannot be used is nothing that is known to who stands
// in for it.
func TestWhoCannotStandInEitherKnowsOfNoAlert(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	must(t, os.WriteFile(filepath.Join(h.box("drone"), aipass.ClosedMailDir), nil, 0o644)) // so the mail cannot close itself
	unlock := lockInbox(t, h.box("devpulse"))
	defer unlock()
	h.desk.Mailbox.LockTimeout = 1
	told, err := h.desk.Accept(t.Context(), notification(ends("a", 0, minute), ends("b", 0, minute)), ToBranch)
	if !errors.Is(err, mailbox.ErrLocked) || told[0].Outcome != Failed || told[1].Outcome != Failed {
		t.Errorf("%v, %+v, want all of it sent again", err, told)
	}
}

// What was known already was not to be written.
func TestWhatIsKnownDoesNotFailWithTheRest(t *testing.T) {
	t.Parallel()
	h := newHostOf(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone", "email": "@drone"}]}
`, "drone")
	h.says("delivered", fires("a", 0))
	h.open()
	h.says("delivered", fires("b", 0))
	must(t, os.WriteFile(filepath.Join(h.box("drone"), aipass.ClosedMailDir), nil, 0o644)) // so the mail of b cannot close itself
	told, err := h.desk.Accept(t.Context(), notification(fires("a", 0), ends("b", 0, minute)), ToBranch)
	if err == nil || told[0].Outcome != Duplicate || told[0].Err != nil || told[1].Outcome != Failed || told[1].Err == nil {
		t.Errorf("%v, %+v, want b to be sent again", err, told)
	}
}

// A tally counts how often a mailbox was opened to be changed.
type tally struct{ opened atomic.Int32 }

func (c *tally) LockWaited(time.Duration) { c.opened.Add(1) }
func (*tally) TornRead()                  {}
func (*tally) LostUpdate()                {}

func TestNobodyStandsInForItself(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		inbox string
		event event
		err   error
	}{
		"with a broken inbox":                 {"[", fires("a", 0), jsonfile.ErrMalformed},
		"with an end that nobody was told of": {`{"messages": []}`, ends("a", 0, minute), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.put("devpulse", row.inbox)
			must(t, os.Chtimes(filepath.Join(h.box("devpulse"), aipass.InboxFile), noon, noon))
			var c tally
			h.desk.Mailbox.Observer = &c
			_, err := h.desk.Accept(t.Context(), notification(row.event), recipients.DevCentral)
			if got := c.opened.Load(); !errors.Is(err, row.err) || got != 1 {
				t.Errorf("%v after %d tries, want %v after one", err, got, row.err)
			}
		})
	}
}

// By the time that it is over the mailbox may have been repaired.
func TestWhoStoodInIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	inbox := filepath.Join(h.box("drone"), aipass.InboxFile)
	must(t, os.Rename(inbox, inbox+".away"))
	h.says("delivered", fires("a", 0))
	must(t, os.Rename(inbox+".away", inbox))
	n := notification(fires("b", 0), ends("a", 0, minute))
	n.Alerts[0].Labels["branch"] = "FLOW"
	if got := h.after(minute).accept(n, ToBranch); got[0] != Delivered || got[1] != Resolved {
		t.Errorf("%v, want b delivered to FLOW, and a resolved", got)
	}
	told, err := h.desk.Accept(t.Context(), notification(ends("a", 0, minute)), ToBranch)
	must(t, err)
	if told[0].Outcome != Duplicate || told[0].Branch != "DRONE" {
		t.Errorf("%+v, want nothing new for DRONE", told)
	}
	in, closed := h.inbox("devpulse"), h.closedMail("devpulse")
	if len(in) != 0 || len(closed) != 1 || !strings.Contains(closed[0].Message, "Time: 2026-02-19 12:01:00\n") {
		t.Errorf("%+v, closed %+v, want the one closed at noon + 1m", in, closed)
	}
	h.has()
}

// Whose mailbox cannot be used has not stood in for anybody either.
func TestAnEndThatNobodyWasToldOfNeedsNobodyToCatchIt(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	must(t, os.RemoveAll(h.box("devpulse")))
	h.says("duplicate", ends("a", 0, minute))
	h.put("devpulse", `{"messages": []}`)
	unlock := lockInbox(t, h.box("devpulse"))
	defer unlock()
	h.desk.Mailbox.LockTimeout = 1
	n := notification(ends("a", 0, minute))
	must(t, n.Check())
	if _, err := h.desk.Accept(t.Context(), n, ToBranch); !errors.Is(err, mailbox.ErrLocked) || !strings.Contains(err.Error(), "branch DEVPULSE") {
		t.Errorf("%v, want it sent again", err)
	}
	h.says("delivered", fires("b", 0)) // which needs nobody else
}

func TestWhereNobodyCatchesAllTheOtherAlertsGetThrough(t *testing.T) {
	t.Parallel()
	h := newHostOf(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone", "email": "@drone"}]}
`, "drone")
	n := notification(fires("a", 0), fires("b", 0))
	n.Alerts[0].Labels["branch"] = "NOBODY"
	must(t, n.Check())
	told, err := h.desk.Accept(t.Context(), n, ToBranch)
	if !errors.Is(err, recipients.ErrNobody) || len(told) != 2 || told[0].Outcome != Failed || told[0].Err == nil || told[0].Branch != "" || told[1].Outcome != Delivered {
		t.Errorf("%+v, %v", told, err)
	}
	h.has("new: b firing")
}
