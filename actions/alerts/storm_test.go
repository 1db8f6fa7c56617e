package alerts

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// storm has n groups tell DRONE of an alert each.
func (h *host) storm(want string, from, n int) {
	h.t.Helper()
	for i := from; i < from+n; i++ {
		news := notification(fires(fmt.Sprintf("s%02d", i), h.now.Sub(noon)))
		news.GroupKey = strconv.Itoa(i)
		if got := h.accept(news, ToBranch); string(got[0]) != want {
			h.t.Fatalf("alert %d: %s, want %s", i, got[0], want)
		}
	}
}

func TestWhatExceedsTheMailsOfAnHourIsFoldedIntoOneThatCounts(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 2
	h.storm("delivered", 0, 2)
	h.storm("folded", 2, 5)
	h.storm("duplicate", 0, 7)
	h.has("new: s02 firing; s03 firing; s04 firing; s05 firing; s06 firing", "new: s01 firing", "new: s00 firing")
	if m := h.inbox("drone")[0]; m.Subject != "[SCHEDULED] Health Check - 5 Issues Found at Once" || !strings.Contains(m.Message, "More alerts came within an hour") {
		t.Errorf("%s\n%s", m.Subject, m.Message)
	}
}

func TestADigestThatHasBeenReadIsUnreadAgainRatherThanTwo(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 1
	h.storm("delivered", 0, 1)
	h.storm("folded", 1, 1)
	h.open()
	h.after(minute).says("folded folded", fires("a", 0), fires("b", 0))
	h.has("new: a firing; b firing; s01 firing", "opened: s00 firing")
	if m := h.inbox("drone")[0]; !strings.Contains(m.Subject, "3 Issues Found") || m.Read == nil || *m.Read {
		t.Errorf("%s, read %v", m.Subject, m.Read)
	}
}

func TestADigestThatWasReadLongAgoIsNotUnreadAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 0
	h.storm("folded", 0, 1)
	h.open()
	h.after(2*hour).storm("folded", 1, 1)
	h.has("new: s01 firing", "opened: s00 firing")
}

func TestADigestSaysWhatAlertmanagerLeftOut(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 0
	n := notification(fires("a", 0))
	n.TruncatedAlerts = 50
	h.accept(n, ToBranch)
	if m := h.inbox("drone")[0].Message; !strings.Contains(m, "Alertmanager left out 50 more alerts") {
		t.Error(m)
	}
}

func TestAnUnreadDigestIsTheOnlyOneHoweverOldItIs(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 0
	h.storm("folded", 0, 1)
	h.after(2*hour).storm("folded", 1, 1)
	h.has("new: s00 firing; s01 firing")
}

// Somebody has made its time unreadable, and it is there for ever.
func TestMailOfNoCertainTimeIsNoMailOfTheHour(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 1
	h.storm("delivered", 0, 1)
	h.edit(set("timestamp", `"yesterday"`))
	h.storm("delivered", 1, 1)
}

func TestANewEpisodeIsMailOfTheHourLikeAnyOther(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 2
	h.storm("delivered", 1, 1)
	h.closeMail()
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(2*minute).says("folded", fires("a", minute))
}

func TestClosedMailCountsAsMailOfTheHour(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 2
	h.storm("delivered", 0, 2)
	h.closeMail()
	h.after(minute).storm("folded", 2, 1)
}

func TestANewEpisodeStaysInTheDigestWhileThatIsUnread(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 0
	h.says("folded folded", fires("a", 0), fires("b", 0))
	h.desk.MaxMails = 12
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("updated", fires("a", 10*minute))
	h.has("new: a firing, episode 2; b firing")
}

func TestAfterAnHourThereIsOrdinaryMailAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 1
	h.storm("delivered", 0, 1)
	h.storm("folded", 1, 1)
	h.after(hour+minute).storm("delivered", 2, 1)
	h.has("new: s02 firing", "new: s01 firing", "new: s00 firing")
}

func TestADigestIsNoMailOfTheHour(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 1
	h.storm("delivered", 0, 1)
	h.after(50*minute).storm("folded", 1, 1)
	h.after(11*minute).storm("delivered", 2, 1)
}

func TestAFurtherAlertOfAGroupNeedsNoMailOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 1
	h.says("delivered", fires("a", 0))
	h.says("duplicate updated", fires("a", 0), fires("b", 0))
	h.has("new: a firing; b firing")
}

func TestADigestClosesItselfWhenTheStormIsOver(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.MaxMails = 0
	h.says("folded folded", fires("a", 0), fires("b", 0))
	h.after(minute).says("resolved resolved", ends("a", 0, minute), ends("b", 0, minute))
	h.has("closed: a resolved; b resolved")
}

// Ten thousand alerts in one notification are one mail that can be read.
func TestTenThousandAlertsAreOneMailOfBearableSize(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	n := notification()
	for i := range 10_000 {
		a := fires(fmt.Sprintf("Alert%d", i%30), 0).alert()
		a.Labels["i"] = strconv.Itoa(i)
		a.Annotations["description"] = strings.Repeat("long ", 200)
		n.Alerts = append(n.Alerts, a)
	}
	for i, outcome := range h.accept(n, ToBranch) {
		if outcome != Delivered {
			t.Fatalf("alert %d: %s", i, outcome)
		}
	}
	m := h.inbox("drone")[0]
	if m.Subject != "[SCHEDULED] Health Check - 10000 Issues Found" || len(m.Message) > 48<<10 {
		t.Errorf("%s, a message of %d bytes", m.Subject, len(m.Message))
	}
	if !strings.Contains(m.Message, "And 9950 more:\n- 334 firing") || !strings.Contains(m.Message, "- and 10 more names\n") {
		t.Errorf("not counted: %s", m.Message[len(m.Message)-2000:])
	}
	if got := len(m.note(t).Alerts); got != 10_000 || len(m.Marker) > 4<<20 {
		t.Errorf("the note is about %d alerts in %d bytes", got, len(m.Marker))
	}
	for i, outcome := range h.accept(n, ToBranch) {
		if outcome != Duplicate {
			t.Fatalf("alert %d, again: %s", i, outcome)
		}
	}
}
