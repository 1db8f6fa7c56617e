package cleanup

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func TestAnOpenedMessageSaysWhoOpenedItAndWhen(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day, mail{"read": false, "thread": "x"}))
	h.now = noon.Add(250 * time.Millisecond)
	_, result := h.clean()
	want := sent("a", "opened", 3*day, mail{
		"read": true, "thread": "x", "auto_opened": true, "auto_opened_at": "2026-02-19T12:00:00.250000",
	})
	if diff := cmp.Diff(want, h.mail("DRONE", "a")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]Item{{"a", "@flow", "about a", noon.Add(-3 * day)}}, result.Opened, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(&mailbox.Count{Unread: 1, Total: 2}, result.Mail); diff != "" {
		t.Errorf("with the notice, -want +got:\n%s", diff)
	}
}

func TestAMessageThatIsNewAgainIsOpenedAgain(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 30*day, mail{"auto_opened": true, "auto_opened_at": "2026-02-01T00:00:00"}))
	h.clean()
	if got := h.mail("DRONE", "a")["auto_opened_at"]; got != "2026-02-19T12:00:00" {
		t.Errorf("opened at %v, want now", got)
	}
}

func TestAClosedMessageLeavesTheInboxForTheArchive(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "opened", time.Hour), sent("b", "opened", 8*day, mail{"read": true, "reply_to": "@x"}))
	_, result := h.clean()
	want := sent("b", "closed", 8*day, mail{"read": true, "reply_to": "@x", "archived_at": "2026-02-19T12:00:00"})
	if diff := cmp.Diff(map[string]mail{"b": want}, h.archived("DRONE")); diff != "" {
		t.Errorf("archive: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(inbox(sent("a", "opened", time.Hour)), h.document("DRONE")); diff != "" {
		t.Errorf("inbox: -want +got:\n%s", diff)
	}
	if result.Notice != "" || len(h.mails("DRONE")) != 1 {
		t.Errorf("%s tells of what was only closed", result.Notice)
	}
}

func TestWhatIsOldAndNewIsOpenedFirstAndClosedADayLater(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 30*day))
	h.clean()
	for range 23 {
		h.now = h.now.Add(hour)
		if _, r := h.clean(); len(r.Closed) > 0 {
			t.Fatalf("%v after it was opened, %v is closed", h.now.Sub(noon), items(r.Closed))
		}
	}
	h.now = h.now.Add(hour)
	if _, r := h.clean(); cmp.Diff([]string{"a"}, items(r.Closed)) != "" {
		t.Errorf("a day after, %v are closed", items(r.Closed))
	}
}

func TestMailWithoutAShortestTimeOpenIsClosedByTheNextRun(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 30*day))
	h.cleanup.Rules.MinOpen = 0
	h.clean()
	if h.mail("DRONE", "a") == nil {
		t.Fatal("opened and closed at once")
	}
	h.now = h.now.Add(time.Second)
	if _, r := h.clean(); cmp.Diff([]string{"a"}, items(r.Closed)) != "" {
		t.Errorf("the next run closes %v", items(r.Closed))
	}
}

// A legacy mailbox is looked at again after a moment. What the run has just
// opened is then open, and of any age.
func TestARunDoesNotCloseWhatItHasOpenedInALegacyMailbox(t *testing.T) {
	t.Parallel()
	h := newLegacyHost(t, inbox(sent("a", "new", 30*day)))
	h.cleanup.Rules.MinOpen = 0
	h.now = noon.Add(123_456_789)
	_, result := h.clean()
	if diff := cmp.Diff([]string{"a"}, items(result.Opened)); diff != "" || len(result.Closed) > 0 {
		t.Errorf("opened %v, closed %v, want it opened", items(result.Opened), items(result.Closed))
	}
}

func TestUnreadAndTotalAreCountedAnew(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(`"unread_count": 2`, `"unread_count": 7`, `"total_messages": 3`, `"total_messages": null`).Replace(
		inbox(sent("a", "new", 0), sent("b", "new", 3*day), sent("c", "opened", 8*day)))
	h := newHost(t, "DRONE")
	h.put("DRONE", text)
	h.clean()
	got, _, _ := strings.Cut(h.document("DRONE"), `"messages"`)
	want, _, _ := strings.Cut(inbox(sent("notice", "new", 0), sent("a", "new", 0), sent("b", "opened", 0)), `"messages"`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOfMailThatCannotBeToldApartNoneIsTouched(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		what  string
		mails []mail
		want  []string // opened
	}{
		{"all the same", []mail{sent("a", "new", 3*day), sent("a", "new", 3*day)}, []string{}},
		{"one of them answered", []mail{sent("a", "closed", 3*day), sent("a", "new", 3*day)}, []string{}},
		{"three of them", []mail{sent("a", "new", 3*day), sent("a", "new", 3*day), sent("a", "new", 3*day)}, []string{}},
		{"of another subject", []mail{sent("a", "new", 3*day), sent("a", "new", 3*day, mail{"subject": "x"})}, []string{"a", "a"}},
		{"of another time", []mail{sent("a", "new", 3*day), sent("a", "new", 4*day)}, []string{"a", "a"}},
		{"of another id", []mail{sent("a", "new", 3*day, mail{"subject": "x"}), sent("b", "new", 3*day, mail{"subject": "x"})}, []string{"a", "b"}},
		{"of no id", []mail{sent("", "new", 3*day), sent("", "new", 3*day)}, []string{}},
		{"of ids that are none", []mail{sent("", "new", 3*day, mail{"id": 7}), sent("", "new", 3*day, mail{"id": 8})}, []string{}},
		{"different at the far end", []mail{sent("a", "new", 3*day, mail{"subject": long + "1"}), sent("a", "new", 3*day, mail{"subject": long + "2"})}, []string{}},
		{"others beside them", []mail{sent("a", "new", 3*day), sent("b", "new", 3*day), sent("a", "new", 3*day)}, []string{"b"}},
		{"alone without an id", []mail{sent("", "new", 3*day).without("id")}, []string{""}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, result := with(t, c.mails...).clean()
			if diff := cmp.Diff(c.want, items(result.Opened)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDoublesAreNotClosedEither(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "opened", 8*day), sent("a", "opened", 8*day))
	if _, result := h.clean(); len(result.Closed) > 0 || len(h.mails("DRONE")) != 2 {
		t.Errorf("closed %v", items(result.Closed))
	}
}
