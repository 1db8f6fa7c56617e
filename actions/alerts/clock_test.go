package alerts

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Clocks are set back, differ from host to host, and are made up.

func TestAClockThatWasAheadSilencesNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(365 * 24 * hour).closeMail()
	h.after(-365 * 24 * hour)
	h.after(2*24*hour).says("delivered", fires("a", 0))
	h.says("duplicate", fires("a", 0))
}

func TestWhatWasSeenInTheFutureIsToldNow(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.remark(func(n *note) {
		n.Alerts[0].Seen = noon.AddDate(100, 0, 0)
		n.Alerts[0].Ends = noon.AddDate(100, 0, 0)
	})
	h.after(minute).says("delivered", fires("a", 2*minute))
	h.says("duplicate", fires("a", 2*minute))
}

func TestWhatBeganInTheFutureEnds(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.remark(func(n *note) { n.Alerts[0].Starts = noon.AddDate(100, 0, 0) })
	h.after(hour).says("resolved", ends("a", 0, hour))
}

func TestAnEndFromBeforeABeginningByAFastClockEndsNothing(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 10*minute))
	h.says("duplicate", ends("a", -hour, -minute))
	h.has("new: a firing")
}

// Zones make years that JSON has no room for.
func TestATimeBeyondAllYearsCostsNoAlert(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"9999-12-31T23:59:59-12:00", "0000-01-01T00:00:00+12:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"} {
		h := newHost(t)
		n := notification(fires("a", 0), fires("b", 0))
		must(t, n.Alerts[0].StartsAt.UnmarshalText([]byte(at)))
		if got := h.accept(n, ToBranch); got[0] != Delivered || got[1] != Delivered {
			t.Errorf("%s: %v", at, got)
		}
		n.Alerts[0].Status = resolved
		must(t, n.Alerts[0].EndsAt.UnmarshalText([]byte(at)))
		h.after(minute)
		h.accept(n, ToBranch)
	}
}

func TestAnArchiveNameBeyondAllYearsCostsNoAlert(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.closeMail()
	dir := filepath.Join(h.box("drone"), aipass.ClosedMailDir)
	names, err := os.ReadDir(dir)
	must(t, err)
	must(t, os.Rename(filepath.Join(dir, names[0].Name()), filepath.Join(dir, "99991231_235959"+names[0].Name()[15:])))
	h.after(minute).says("delivered", fires("a", 0))
	h.says("duplicate", fires("a", 0))
}

func TestWhoseClockIsAheadOfOursIsHeardOnceAsWell(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 20*minute))
	h.open()
	h.after(minute).says("duplicate", fires("a", 20*minute))
	h.after(20*minute).says("updated", fires("a", 20*minute))
	h.has("opened: a firing, seen 2")
}

func TestWhatWasClosedByHandInTheFutureIsNotSilent(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.remark(func(n *note) { n.Alerts[0].Seen = noon.AddDate(100, 0, 0) })
	h.edit(setStatus("closed"))
	h.after(minute).says("updated", fires("a", 0))
	h.after(24*hour).says("delivered", fires("a", 0))
}
