package cleanup

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// become is what becomes of a message, a, in its inbox.
func become(t *testing.T, inbox ...mail) string {
	t.Helper()
	h := with(t, inbox...)
	before := h.mail("DRONE", "a")
	_, result := h.clean()
	switch {
	case slices.Contains(items(result.Opened), "a"):
		return "opened"
	case slices.Contains(items(result.Closed), "a"):
		return "closed"
	}
	if diff := cmp.Diff(before, h.mail("DRONE", "a")); diff != "" {
		t.Errorf("nothing was done, and yet -before +after:\n%s", diff)
	}
	return "left"
}

type fate struct {
	what string
	mail mail
	want string
}

func wantFates(t *testing.T, fates ...fate) {
	t.Helper()
	for _, f := range fates {
		t.Run(f.what, func(t *testing.T) {
			t.Parallel()
			// Alone the look decides whether the mailbox is opened, else the rules alone.
			alone, among := become(t, f.mail), become(t, sent("b", "new", 9*day), f.mail, sent("c", "opened", 9*day))
			if alone != f.want || among != f.want {
				t.Errorf("%s: is %s alone and %s among others, want it %s", encoded(t, f.mail), alone, among, f.want)
			}
		})
	}
}

func TestNewMailIsOpenedAfterTwoDays(t *testing.T) {
	t.Parallel()
	wantFates(
		t,
		fate{"at two days to the second", sent("a", "new", 48*hour), "left"},
		fate{"a second later", sent("a", "new", 48*hour+time.Second), "opened"},
		fate{"even if nobody came by for a month", sent("a", "new", 30*day), "opened"},
	)
}

func TestOpenedMailIsClosedAWeekAfterItWasSent(t *testing.T) {
	t.Parallel()
	wantFates(
		t,
		fate{"at a week to the second", sent("a", "opened", 7*day), "left"},
		fate{"a second later", sent("a", "opened", 7*day+time.Second), "closed"},
		fate{"read or not", sent("a", "opened", 8*day, mail{"read": false}), "closed"},
	)
}

func TestMailOpenedByACleanupStaysOpenForADay(t *testing.T) {
	t.Parallel()
	old := func(members mail) mail { return sent("a", "opened", 8*day, mail{"auto_opened": true}, members) }
	at := func(age time.Duration) mail {
		return mail{"auto_opened_at": noon.Add(-age).Format("2006-01-02T15:04:05.000000")}
	}
	wantFates(
		t,
		fate{"a day", old(at(day)), "closed"},
		fate{"a moment less", old(at(day - time.Microsecond)), "left"},
		fate{"not yet opened, by its clock", old(at(-hour)), "left"},
		fate{"opened who knows when", old(mail{"auto_opened_at": "lately"}), "left"},
		fate{"opened at no time", old(mail{"auto_opened_at": nil}), "left"},
		fate{"opened, and that is all", old(mail{}), "left"},
		fate{"opened for a day and not old", sent("a", "opened", 7*day, mail{"auto_opened": true}, at(2*day)), "left"},
		fate{"opened by the branch after all", old(mail{"auto_opened": false, "auto_opened_at": "lately"}), "closed"},
	)
}

func TestMailThatStartsAgentsIsLeft(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"true": true, "one": 1, "a word": "no", "something": []int{0}, "an object": mail{"x": 0}} {
		wantFates(
			t,
			fate{name + ", new", sent("a", "new", 30*day, mail{"auto_execute": value}), "left"},
			fate{name + ", opened", sent("a", "opened", 30*day, mail{"auto_execute": value}), "left"},
		)
	}
	for name, value := range map[string]any{"zero": 0.0, "no word": "", "null": nil, "nothing": []int{}} {
		wantFates(t, fate{name, sent("a", "new", 30*day, mail{"auto_execute": value}), "opened"})
	}
	wantFates(t, fate{"not said", sent("a", "new", 30*day).without("auto_execute"), "opened"})
}

func TestMailOfNoCertainTimeIsLeft(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"empty": "", "null": nil, "a number": 1768824000, "a word": "yesterday", "a date": "2026-01-01", "no such day": "2026-01-32 12:00:00",
		"yet to come": "2026-03-01 12:00:00", "far away": "9999-12-31 23:59:59",
	} {
		wantFates(
			t,
			fate{name + ", new", sent("a", "new", 0, mail{"timestamp": value}), "left"},
			fate{name + ", opened", sent("a", "opened", 0, mail{"timestamp": value}), "left"},
		)
	}
	wantFates(t, fate{"missing", sent("a", "new", 0).without("timestamp"), "left"})
}

func TestMailCountsAsNewWhereAIPassCountsIt(t *testing.T) {
	t.Parallel()
	stateless := func(members mail) mail { return sent("a", "", 3*day, members).without("status") }
	wantFates(
		t,
		fate{"no status", stateless(nil), "opened"},
		fate{"no status, not read", stateless(mail{"read": false}), "opened"},
		fate{"no status, read a bit", stateless(mail{"read": 1}), "left"},
		fate{"status null", sent("a", "", 3*day, mail{"status": nil}), "opened"},
		fate{"status null, read", sent("a", "", 3*day, mail{"status": nil, "read": true}), "left"},
		fate{"status new, read", sent("a", "new", 3*day, mail{"read": true}), "opened"},
	)
}

func TestMailOfOtherStatusesIsLeft(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]any{"closed": "closed", "empty": "", "unknown": "archived", "in capitals": "NEW", "no text": 0, "a list": []string{"new"}} {
		wantFates(t, fate{name, sent("a", "", 30*day, mail{"status": status}), "left"})
	}
}

// Modern devpulse stamps its feedback in UTC without saying so; here that is
// five hours ahead of the wall.
func TestFeedbackIsOfUTC(t *testing.T) {
	t.Parallel()
	feedback := func(from string, age time.Duration) mail {
		at := noon.Add(-age).UTC().Format("2006-01-02T15:04:05.000000")
		return sent("a", "", 0, mail{"from": from, "timestamp": at, "read": false, "body": "Well done."}).without("status", "message")
	}
	wantFates(
		t,
		fate{"at two days", feedback("devpulse", 48*hour), "left"},
		fate{"after two days", feedback("devpulse", 48*hour+time.Second), "opened"},
		fate{"its ordinary mail is of local time", feedback("@devpulse", 53*hour), "left"},
	)
}

func TestRulesThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	for _, r := range []Rules{{}, {StaleNew: 1, CloseOpened: 0}, {StaleNew: 0, CloseOpened: 1}, {StaleNew: -1, CloseOpened: 1}, {StaleNew: 1, CloseOpened: -1}, {1, 1, -1}} {
		if r.Check() == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	for _, r := range []Rules{rules, {StaleNew: 1, CloseOpened: 1}} {
		if err := r.Check(); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
