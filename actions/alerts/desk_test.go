package alerts

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// about is a notification about a branch, or without the label if that is "".
func about(branch string) Notification {
	n := notification(fires("a", 0))
	n.Alerts[0].Labels["branch"] = branch
	if branch == "" {
		delete(n.Alerts[0].Labels, "branch")
	}
	return n
}

func TestAnAlertGoesToWhomItIsFor(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ branch, to, want string }{
		{"DRONE", "branch", "drone"},
		{"drone", "branch", "drone"},
		{"DRONE", "assistant", "daemon"},
		{"DRONE", "dev_central", "devpulse"},
		{"DRONE", "@flow", "flow"},
		{"NOBODY", "branch", "devpulse"},
		{"", "branch", "devpulse"},
		{"../drone", "branch", "devpulse"},
		{"@drone", "branch", "devpulse"},
		{"DRONE", "@nobody", "devpulse"},
	} {
		h := newHost(t)
		h.accept(about(row.branch), row.to)
		for _, dir := range []string{"drone", "flow", "daemon", "devpulse", "trigger"} {
			want := 0
			if dir == row.want {
				want = 1
			}
			if got := len(h.inbox(dir)); got != want {
				t.Errorf("about %q to %s: %d messages for %s, want %d", row.branch, row.to, got, dir, want)
			}
		}
	}
}

// It may be handed in several times at once.
func TestANotificationStaysAsItIs(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	n := notification(fires("a", 0))
	_, err := h.desk.Accept(t.Context(), n, ToBranch)
	must(t, err)
	if diff := cmp.Diff(notification(fires("a", 0)), n); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestWhatCannotBeARecipientIsRefused(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"", "boss", "BRANCH", "@", "@a b"} {
		h := newHost(t)
		if _, err := h.desk.Accept(t.Context(), about("DRONE"), to); !errors.Is(err, ErrNoSuchRecipient) {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestAlertsOfOneNotificationGoToEachBranch(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	n := notification(fires("a", 0), fires("b", 0), fires("c", 0))
	n.Alerts[1].Labels["branch"] = "FLOW"
	must(t, n.Check())
	told, err := h.desk.Accept(t.Context(), n, ToBranch)
	must(t, err)
	for i, want := range []string{"DRONE", "FLOW", "DRONE"} {
		a := n.Alerts[i]
		all := Told{
			Branch: want, Message: h.inbox(strings.ToLower(want))[0].ID, Fingerprint: a.Fingerprint, Name: a.Labels["alertname"],
			About: want, Severity: "warning", Status: firing, Outcome: Delivered,
		}
		if told[i] != all {
			t.Errorf("%+v, want %+v", told[i], all)
		}
	}
	h.has("new: a firing; c firing")
}

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

func TestWhoCatchesAllIsTheAssistantWhereThereIsNobodyElse(t *testing.T) {
	t.Parallel()
	h := newHostOf(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DAEMON", "path": "daemon", "email": "@daemon"}]}
`, "daemon")
	h.accept(about("NOBODY"), ToBranch)
	if got := h.inbox("daemon"); len(got) != 1 || got[0].From != "@daemon" { // there is no @trigger
		t.Errorf("%+v", got)
	}
}

func TestMailFromBeforeThereWasATriggerIsKnown(t *testing.T) {
	t.Parallel()
	h := newHostOf(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone", "email": "@drone"}]}
`, "drone")
	h.says("delivered", fires("a", 0))
	must(t, os.Remove(filepath.Join(h.root, "AIPASS_REGISTRY.json")))
	must(t, txtar.Write(txtar.Parse([]byte(registry)), h.root))
	h.says("duplicate", fires("a", 0))
}

func TestWithoutAnybodyToCatchItAnAlertHasToBeSentAgain(t *testing.T) {
	t.Parallel()
	h := newHostOf(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone", "email": "@drone"}]}
`, "drone")
	if _, err := h.desk.Accept(t.Context(), about("NOBODY"), ToBranch); !errors.Is(err, recipients.ErrNobody) {
		t.Errorf("%v", err)
	}
	h.says("duplicate", ends("a", 0, minute)) // of which nobody was told
	must(t, os.Remove(filepath.Join(h.root, "AIPASS_REGISTRY.json")))
	if _, err := h.desk.Accept(t.Context(), about("DRONE"), ToBranch); !errors.Is(err, ErrRegistry) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
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

// One mailbox that is locked costs no other branch its mail; what did get
// through is known when all is sent again.
func TestWhatFailedForOneBranchIsSentAgainToThatOneOnly(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	n := notification(fires("a", 0), fires("b", 0))
	n.Alerts[1].Labels["branch"] = "FLOW"
	must(t, n.Check())
	unlock := lockInbox(t, h.box("drone"))
	h.desk.Mailbox.LockTimeout = 1 // it is held for as long as we like
	told, err := h.desk.Accept(t.Context(), n, ToBranch)
	if !errors.Is(err, mailbox.ErrLocked) || !strings.Contains(err.Error(), "branch DRONE") {
		t.Errorf("%v", err)
	}
	if told[0].Outcome != Failed || !errors.Is(told[0].Err, mailbox.ErrLocked) || told[1].Outcome != Delivered || told[1].Err != nil {
		t.Errorf("%+v", told)
	}
	unlock()
	h.desk.Mailbox.LockTimeout = 0
	if got := h.accept(n, ToBranch); got[0] != Delivered || got[1] != Duplicate {
		t.Errorf("%v", got)
	}
	h.has("new: a firing")
}
