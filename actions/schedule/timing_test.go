package schedule

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// at is a moment, in RFC 3339.
func at(t *testing.T, moment string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// slots are those from one moment to another, both included, on the wall clock.
func slots(t *testing.T, timing Timing, from, to string) []string {
	t.Helper()
	var list []string
	for slot := timing.Next(at(t, from).Add(-time.Nanosecond)); !slot.After(at(t, to)); slot = timing.Next(slot) {
		list = append(list, slot.Format("02 15:04 -0700"))
		if len(list) > 50 {
			t.Fatalf("no end: %v", list)
		}
	}
	return list
}

func TestSlotsAreFullHoursOfTheWallClock(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		zone, from, to string
		want           []string
	}{
		"an ordinary day": {"Europe/Berlin", "2026-02-19T08:00:00+01:00", "2026-02-19T10:59:59+01:00", []string{
			"19 08:00 +0100", "19 09:00 +0100", "19 10:00 +0100",
		}},
		"a zone of half hours": {"Asia/Kolkata", "2026-02-19T08:01:00+05:30", "2026-02-19T10:00:00+05:30", []string{
			"19 09:00 +0530", "19 10:00 +0530",
		}},
		"clocks put forward": {"Europe/Berlin", "2026-03-29T00:30:00+01:00", "2026-03-29T05:00:00+02:00", []string{
			"29 01:00 +0100", "29 03:00 +0200", "29 04:00 +0200", "29 05:00 +0200",
		}},
		"clocks put back": {"Europe/Berlin", "2026-10-25T01:00:00+02:00", "2026-10-25T03:00:00+01:00", []string{
			"25 01:00 +0200", "25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100",
		}},
		"by half an hour, forward": {"Australia/Lord_Howe", "2026-10-04T01:00:00+10:30", "2026-10-04T04:00:00+11:00", []string{
			"04 01:00 +1030", "04 03:00 +1100", "04 04:00 +1100",
		}},
		"by half an hour, back": {"Australia/Lord_Howe", "2026-04-05T01:00:00+11:00", "2026-04-05T03:00:00+10:30", []string{
			"05 01:00 +1100", "05 02:00 +1030", "05 03:00 +1030",
		}},
	} {
		if diff := cmp.Diff(row.want, slots(t, Hourly(zone(t, row.zone)), row.from, row.to)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestADailySlotIsOnceADay(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		zone     string
		hour     int
		from, to string
		want     []string
	}{
		"over the end of a year": {"UTC", 8, "2026-12-30T08:00:00Z", "2027-01-02T07:59:59Z", []string{
			"30 08:00 +0000", "31 08:00 +0000", "01 08:00 +0000",
		}},
		"clocks put forward": {"Europe/Berlin", 8, "2026-03-28T00:00:00+01:00", "2026-03-30T23:00:00+02:00", []string{
			"28 08:00 +0100", "29 08:00 +0200", "30 08:00 +0200",
		}},
		"clocks put back": {"America/New_York", 8, "2026-10-31T00:00:00-04:00", "2026-11-02T23:00:00-05:00", []string{
			"31 08:00 -0400", "01 08:00 -0500", "02 08:00 -0500",
		}},
		"an hour that is skipped": {"Europe/Berlin", 2, "2026-03-28T00:00:00+01:00", "2026-03-30T23:00:00+02:00", []string{
			"28 02:00 +0100", "29 03:00 +0200", "30 02:00 +0200",
		}},
		"an hour that comes twice": {"Europe/Berlin", 2, "2026-10-24T00:00:00+02:00", "2026-10-26T23:00:00+01:00", []string{
			"24 02:00 +0200", "25 02:00 +0200", "26 02:00 +0100",
		}},
		"midnight that is skipped": {"America/Santiago", 0, "2026-09-05T12:00:00-04:00", "2026-09-07T12:00:00-03:00", []string{
			"06 01:00 -0300", "07 00:00 -0300",
		}},
		"a day that is skipped": {"Pacific/Apia", 8, "2011-12-29T00:00:00-10:00", "2011-12-31T23:00:00+14:00", []string{
			"29 08:00 -1000", "31 08:00 +1400",
		}},
	} {
		if diff := cmp.Diff(row.want, slots(t, Daily(row.hour, zone(t, row.zone)), row.from, row.to)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// Next and Last are two ways to say where the slots are, at every minute of
// the days around both changes.
func TestLastIsTheSlotThatNextCameTo(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ zone, from, to string }{
		{"Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"},
		{"Europe/Berlin", "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z"},
		{"Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-05T00:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T00:00:00Z", "2026-04-06T00:00:00Z"},
		{"America/Santiago", "2026-09-05T00:00:00Z", "2026-09-07T00:00:00Z"},
	} {
		for _, timing := range []Timing{Hourly(zone(t, row.zone)), Daily(2, zone(t, row.zone)), Daily(0, zone(t, row.zone))} {
			for now := at(t, row.from); now.Before(at(t, row.to)); now = now.Add(time.Minute) {
				last, next := timing.Last(now), timing.Next(now)
				if last.After(now) || !next.After(now) || !timing.Next(last).Equal(next) {
					t.Fatalf("%s, daily %v: at %v last %v, next %v, after last %v", row.zone, timing.daily, now, last, next, timing.Next(last))
				}
			}
		}
	}
}
