package alerts

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/actions/recipients"
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
		planned, err := h.desk.Plan(t.Context(), about(row.branch), row.to)
		if err != nil || len(planned) != 1 || !strings.EqualFold(planned[0].Branch, row.want) || planned[0].Outcome != "" {
			t.Errorf("about %q to %s: planned %+v, %v", row.branch, row.to, planned, err)
		}
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
