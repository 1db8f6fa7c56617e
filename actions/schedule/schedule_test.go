package schedule

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
)

// A machine has jobs, a state, and a clock that only tests move.
type machine struct {
	t     *testing.T
	jobs  []Job
	state actions.State
	now   time.Time
	ran   []string
}

func newMachine(t *testing.T, location *time.Location, now string) *machine {
	t.Helper()
	return &machine{t: t, now: at(t, now).In(location), jobs: []Job{
		{"run", Hourly(location)}, {"report", Daily(8, location)},
	}}
}

func (m *machine) run(j Job, success bool) {
	m.state.Ran(j.Name, m.now, time.Second, j.Interval(m.now), success)
	m.ran = append(m.ran, m.now.Format("02 15:04 ")+j.Name)
}

// catchUp is what happens whenever the machine starts.
func (m *machine) catchUp() {
	for _, j := range Due(m.jobs, &m.state, m.now) {
		m.run(j, true)
	}
}

// awake passes time with cron at work, which runs what has its slot.
func (m *machine) awake(until string) {
	for end := at(m.t, until); m.now.Before(end); {
		m.now = m.now.Add(time.Minute)
		for _, j := range m.jobs {
			if j.Timing.Last(m.now).Equal(m.now) {
				m.run(j, true)
			}
		}
	}
}

// asleep passes time without cron, then the machine starts.
func (m *machine) asleep(until string) {
	m.now = at(m.t, until).In(m.now.Location())
	m.catchUp()
}

func (m *machine) wantRan(want ...string) {
	m.t.Helper()
	if diff := cmp.Diff(want, m.ran); diff != "" {
		m.t.Errorf("-want +got:\n%s", diff)
	}
	m.ran = nil
}

func TestAHostAsleepForAWeekDoesEachJobOnce(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "2026-02-12T07:30:00Z")
	m.catchUp()
	m.wantRan("12 07:30 run", "12 07:30 report") // neither ever ran
	m.awake("2026-02-12T09:30:00Z")
	m.wantRan("12 08:00 run", "12 08:00 report", "12 09:00 run")
	m.asleep("2026-02-19T10:10:00Z")
	m.wantRan("19 10:10 run", "19 10:10 report")
	m.catchUp() // and once more makes no difference
	m.wantRan()
	m.awake("2026-02-19T11:00:00Z")
	m.wantRan("19 11:00 run")
}

func TestASleepBetweenSlotsMissesNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "2026-02-19T07:59:00Z")
	m.awake("2026-02-19T08:01:00Z")
	m.wantRan("19 08:00 run", "19 08:00 report")
	m.asleep("2026-02-19T08:59:59Z")
	m.wantRan()
	m.asleep("2026-02-19T09:00:00Z")
	m.wantRan("19 09:00 run")
}

// A report that was late does not put off the next.
func TestALateRunDoesNotMoveTheSlots(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "2026-02-18T08:00:00Z")
	m.catchUp()
	m.asleep("2026-02-19T23:50:00Z")
	m.ran = nil
	m.awake("2026-02-20T08:00:00Z")
	if got := m.ran[len(m.ran)-1]; got != "20 08:00 report" {
		t.Errorf("the last to run is %s", got)
	}
	if got := len(m.ran); got != 10 {
		t.Errorf("%d runs, want 9 of the hour and the report: %v", got, m.ran)
	}
}

// Over both changes every slot is run once by cron, and never by a catch-up
// beside it.
func TestClocksThatArePutForwardAndBackMakeNothingDue(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		zone, from, to string
		runs, reports  int
	}{
		{"Europe/Berlin", "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", 23, 1},
		{"Europe/Berlin", "2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00", 25, 1},
		{"America/New_York", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00", 23, 1},
		{"Australia/Lord_Howe", "2026-04-04T12:00:00+11:00", "2026-04-05T12:00:00+10:30", 24, 1},
		{"Australia/Lord_Howe", "2026-10-03T12:00:00+10:30", "2026-10-04T12:00:00+11:00", 23, 1},
	} {
		m := newMachine(t, zone(t, row.zone), row.from)
		m.catchUp()
		m.ran = nil
		count := map[string]int{}
		for end := at(t, row.to); m.now.Before(end); {
			m.awake(m.now.Add(time.Minute).Format(time.RFC3339))
			m.catchUp()
		}
		for _, ran := range m.ran {
			count[ran[len("02 15:04 "):]]++
		}
		if want := map[string]int{"run": row.runs, "report": row.reports}; !cmp.Equal(want, count) {
			t.Errorf("%s from %s: %v, want %v", row.zone, row.from, count, want)
		}
	}
}

// A host that slept through the change does each job once as well.
func TestASleepThroughAChangeOfTheClocks(t *testing.T) {
	t.Parallel()
	for zoneName, moments := range map[string][2]string{
		"Europe/Berlin":    {"2026-03-29T01:30:00+01:00", "2026-03-29T08:05:00+02:00"},
		"America/New_York": {"2026-11-01T00:30:00-04:00", "2026-11-01T08:05:00-05:00"},
	} {
		m := newMachine(t, zone(t, zoneName), moments[0])
		m.catchUp()
		m.ran = nil
		m.asleep(moments[1])
		day := m.now.Format("02 15:04 ")
		m.wantRan(day+"run", day+"report")
		m.asleep(m.now.Add(50 * time.Minute).Format(time.RFC3339))
		m.wantRan()
	}
}

func TestAClockThatIsPutRightByALittleRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{time.Second, 30 * time.Second, 59 * time.Minute} {
		m := newMachine(t, time.UTC, "2026-02-19T08:00:00Z")
		m.now = m.now.Add(step) // the clock is fast
		m.catchUp()
		m.ran = nil
		m.now = m.now.Add(-step)
		m.catchUp()
		m.wantRan()
		m.asleep("2026-02-19T09:59:59Z")
		m.wantRan("19 09:59 run") // at the latest one slot later
	}
}

// A clock that was years ahead must not put everything off for years.
func TestARunOfTheFarFutureCountsForNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "2036-02-19T08:00:00Z")
	m.catchUp()
	m.ran = nil
	m.asleep("2026-02-19T08:30:00Z")
	m.wantRan("19 08:30 run", "19 08:30 report")
	m.catchUp()
	m.wantRan()
}

// A clock that was years behind makes everything due, once.
func TestAClockThatIsPutForwardByYears(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "1970-01-01T00:00:10Z")
	m.catchUp()
	m.ran = nil
	m.asleep("2026-02-19T08:30:00Z")
	m.wantRan("19 08:30 run", "19 08:30 report")
}

// A job that failed has run: it is the next slot's turn, for the log says what
// is wrong and trying again at once would say it again.
func TestAJobThatFailedIsNotDueAgain(t *testing.T) {
	t.Parallel()
	m := newMachine(t, time.UTC, "2026-02-19T08:30:00Z")
	m.run(m.jobs[0], false)
	m.run(m.jobs[1], true)
	m.ran = nil
	m.catchUp()
	m.wantRan()
	m.asleep("2026-02-19T09:00:00Z")
	m.wantRan("19 09:00 run")
}

func TestHowAJobStands(t *testing.T) {
	t.Parallel()
	hourly := Job{"run", Hourly(time.UTC)}
	now := at(t, "2026-02-19T10:10:00Z")
	for name, row := range map[string]struct {
		last    string // "" is never
		success bool
		want    string
	}{
		"never":       {"", false, "never ran, next 11:00, due since 10:00"},
		"on time":     {"2026-02-19T10:00:03Z", true, "ok, next 11:00"},
		"failed":      {"2026-02-19T10:00:03Z", false, "failed, next 11:00"},
		"missed one":  {"2026-02-19T09:00:03Z", true, "ok, next 11:00, due since 10:00"},
		"missed more": {"2026-02-19T06:00:03Z", false, "failed, next 11:00, due since 07:00"},
	} {
		var state actions.State
		if row.last != "" {
			last := at(t, row.last)
			state.Ran("run", last, time.Second, hourly.Interval(last), row.success)
		}
		s := hourly.Stand(&state, now)
		got := fmt.Sprintf("%s, next %s", s.Result(), s.Next.Format("15:04"))
		if s.IsDue() {
			got += s.Due.Format(", due since 15:04")
		}
		if got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}
