package alerts

import (
	"testing"
	"time"
)

// A message of alerts from its first news to its end. Names of alerts are
// letters; the minutes are those after noon.

const (
	minute = time.Minute
	hour   = time.Hour
)

func TestTheFirstNewsOfAGroupIsOneMail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered delivered", fires("a", 0), fires("b", 0))
	h.has("new: a firing; b firing")
}

func TestTheSameDeliveryTwiceIsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", -minute))
	h.says("duplicate", fires("a", -minute))
	h.after(5*minute).says("duplicate", fires("a", -45*time.Second)) // a second Prometheus noticed it later
	h.open()
	h.says("duplicate", fires("a", -minute))
	h.has("opened: a firing")
}

func TestAnAlertThatIsInANotificationTwiceIsOne(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.says("updated duplicate", fires("b", 0), fires("b", 0))
	h.has("new: a firing; b firing")
}

func TestAFurtherAlertJoinsTheUnreadMail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(5*minute).says("duplicate updated", fires("a", 0), fires("b", 4*minute))
	h.has("new: a firing; b firing")
}

func TestAFurtherAlertIsANewMailOnceTheOldOneHasBeenRead(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(5*minute).says("duplicate delivered", fires("a", 0), fires("b", 4*minute))
	h.has("new: b firing", "opened: a firing")
}

func TestARepeatIsACounterInPlace(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(4*hour).says("updated", fires("a", 0))
	h.says("duplicate", fires("a", 0)) // from the other Alertmanager
	h.open()
	h.after(4*hour).says("updated", fires("a", 0))
	h.has("opened: a firing, seen 3")
}

func TestTheMailSaysWhatIsResolvedAndClosesItselfWhenAllIs(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered delivered", fires("a", 0), fires("b", 0))
	h.after(10*minute).says("resolved duplicate", ends("a", 0, 9*minute), fires("b", 0))
	h.has("new: a resolved; b firing")
	h.after(10*minute).says("resolved", ends("b", 0, 19*minute))
	h.has("closed: a resolved; b resolved")
	h.says("duplicate", ends("b", 0, 19*minute))
	h.has("closed: a resolved; b resolved")
}

func TestReadMailStaysInTheInboxWhenAllIsResolved(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.has("opened: a resolved")
}

func TestAnAlertThatFiresAgainIsANewEpisode(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("delivered", fires("a", 10*minute))
	h.has("new: a firing, episode 2", "closed: a resolved")
}

func TestAnEpisodeIsTheSameHoweverOftenItIsSaid(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("delivered", fires("a", 10*minute))
	h.after(hour).says("updated", fires("a", 10*minute))
	h.has("new: a firing, episode 2, seen 2", "closed: a resolved")
	h.closeMail()
	h.after(24*hour).says("delivered", fires("a", 10*minute))
	h.has("new: a firing, episode 2, seen 3", "closed: a firing, episode 2, seen 2", "closed: a resolved")
}

func TestANewEpisodeTakesThePlaceOfTheOldOneInUnreadMail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered delivered", fires("a", 0), fires("b", 0))
	h.after(10*minute).says("resolved duplicate", ends("a", 0, 9*minute), fires("b", 0))
	h.after(minute).says("updated duplicate", fires("a", 10*minute), fires("b", 0))
	h.has("new: a firing, episode 2; b firing")
}

func TestANewEpisodeIsANewMailOnceTheOldOneHasBeenRead(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("delivered", fires("a", 10*minute))
	h.has("new: a firing, episode 2", "opened: a resolved")
	h.after(minute).says("duplicate", fires("a", 10*minute))
}

func TestAnEndOfAnEarlierEpisodeEndsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("delivered", fires("a", 10*minute))
	h.says("duplicate", ends("a", 0, 9*minute))
	h.has("new: a firing, episode 2", "closed: a resolved")
}

// It ended and began again between two deliveries, and the end comes last.
func TestAnEndFromBeforeTheLastBeginningEndsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", -minute))
	h.after(minute).says("duplicate", fires("a", 0))
	h.says("duplicate", ends("a", -minute, -minute/2))
	h.says("duplicate", ends("a", -minute, 0))
	h.has("new: a firing")
}

// Alertmanagers differ in when it began; the latest is what an end is measured by.
func TestARepeatThatSaysItBeganEarlierChangesNoBeginning(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(hour).says("updated", fires("a", -hour))
	h.says("duplicate", ends("a", -hour, -minute))
	h.has("new: a firing, seen 2")
}

func TestABeginningThatItsEndHasOvertakenIsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.after(minute).says("duplicate", fires("a", 0))
	h.has("closed: a resolved")
}

func TestAnEndIsNotedOnceInReadMail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.says("duplicate", ends("a", 0, 9*minute))
	h.after(2*minute).says("delivered", fires("a", 11*minute))
	if got := h.inbox("drone")[1].note(t).Alerts[0].Ends; !got.Equal(noon.Add(9 * minute)) {
		t.Errorf("it ended at %v, and not when it began anew", got)
	}
}

func TestAnEndWithoutATimeIsNow(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	n := notification(ends("a", 0, 0))
	n.Alerts[0].EndsAt = time.Time{}
	h.after(minute).accept(n, ToBranch)
	h.has("opened: a resolved")
}

// However soon the branch wants to be reminded, what is over fires no more.
func TestNobodyIsRemindedOfWhatIsOver(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.Remind = minute
	h.says("delivered", fires("a", 0))
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.after(2*minute).says("duplicate", fires("a", 0))
	h.has("closed: a resolved")
}

// What still fires long after its end, and says that it has fired all the time,
// is not told apart from a new episode: one mail too many is no loss.
func TestWhatFiresLongAfterItsEndIsToldWheneverItBegan(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.after(hour).says("delivered", fires("a", 0))
	h.has("new: a firing, episode 2", "closed: a resolved")
}

func TestAnEpisodeWhoseEndGotLostIsOverWhenTheNextOneFires(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(3*minute).says("delivered", fires("a", 2*minute))
	h.says("duplicate", ends("a", 0, minute)) // which comes too late
	h.has("new: a firing, episode 2", "opened: a resolved")
}

func TestAnEndOfWhatNobodyWasToldIsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("duplicate", ends("a", 0, minute))
	h.has()
}

func TestMailThatClosesItselfKeepsTheSubjectByWhichItIsKnown(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).says("resolved", ends("a", 0, minute))
	if got := h.closedMail("drone")[0].Subject; got != "[SCHEDULED] Health Check - 1 Issue Found" {
		t.Error(got)
	}
}

func TestGroupsHaveMailOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, regroup := range []func(*Notification){
		func(n *Notification) { n.GroupKey = `{}/{severity="critical"}:{branch="DRONE"}` },
		func(n *Notification) { n.Receiver = "another" },
	} {
		h := newHost(t)
		h.says("delivered", fires("a", 0))
		other := notification(fires("b", 0), fires("a", 0))
		regroup(&other)
		if got := h.accept(other, ToBranch); got[0] != Delivered || got[1] != Duplicate {
			t.Errorf("%v, want b delivered and a known, whatever group it comes in", got)
		}
		h.has("new: b firing", "new: a firing")
	}
}

// What somebody made unreadable is state that is lost: one mail too many.
func TestAMessageWhoseNoteIsSpoiltIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, spoilt := range []string{`{"kind": "alerts", "alerts": "none"}`, `{"kind": "alerts", "alerts": [{}]}`, `{}`, `null`} {
		h := newHost(t)
		h.says("delivered", fires("a", 0))
		h.edit(set("aipass_actions", spoilt))
		before := h.inbox("drone")[0]
		h.says("delivered", fires("a", 0))
		h.says("duplicate", fires("a", 0))
		if after := h.inbox("drone"); len(after) != 2 || after[1].Message != before.Message || string(after[1].Marker) != spoilt {
			t.Errorf("%s: %+v", spoilt, after)
		}
	}
}
