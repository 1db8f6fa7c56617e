package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/schedule"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// A job is missed when a time has passed at which it could have run, and no
// sooner: until eight there is no report on a host that was set up at nine.
func TestWhichJobsAreMissed(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time { return local(t, "2026-02-19 "+clock+":00") }
	for name, row := range map[string]struct {
		setUp, run  time.Time
		isScheduled bool
		now         time.Time
		want        Result
		says        string
	}{
		"just set up":                 {time.Time{}, time.Time{}, true, at("09:30"), OK, "run is not due yet: its first time is 2026-02-19 10:00:00, report is not due yet: its first time is 2026-02-20 08:00:00"},
		"and nothing starts the jobs": {time.Time{}, time.Time{}, false, at("09:30"), Fault, "run never ran"},
		"the first run, by hand":      {at("09:10"), at("09:10"), true, at("09:30"), OK, "report is not due yet"},
		"the first report was missed": {at("07:10"), at("09:00"), true, at("09:30"), Fault, "report never ran"},
		"the first run was missed":    {at("08:10"), time.Time{}, true, at("09:30"), Fault, "run never ran"},
		"a later run was missed":      {at("08:10"), at("08:10"), true, at("09:30"), Fault, "run is overdue since 2026-02-19 09:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &patient{isScheduled: row.isScheduled, Doctor: &Doctor{
				State: t.TempDir(), Now: func() time.Time { return row.now },
				Jobs: []schedule.Job{{Name: runJob, Timing: schedule.Hourly(time.Local)}, {Name: reportJob, Timing: schedule.Daily(8, time.Local)}},
			}}
			if !row.setUp.IsZero() {
				dated(t, filepath.Join(p.State, "actions.lock"), row.setUp)
			}
			if !row.run.IsZero() {
				save(t, p.State, row.run)
			}
			check(t, p.jobs(t.Context()), row.want, row.says)
		})
	}
}

// What three runs should have written anew is old.
func TestHowOldTextfilesMayBe(t *testing.T) {
	t.Parallel()
	now := local(t, "2026-02-19 09:30:00")
	for name, row := range map[string]struct {
		age, interval time.Duration
		want          Result
	}{
		"written by the last run":     {30 * time.Minute, time.Hour, OK},
		"not written for three days":  {72 * time.Hour, time.Hour, Fault},
		"nobody knows how often":      {4 * time.Hour, 0, Fault},
		"three hours, nobody knows":   {3 * time.Hour, 0, OK},
		"a run every six hours":       {17 * time.Hour, 6 * time.Hour, OK},
		"that did not come any more":  {19 * time.Hour, 6 * time.Hour, Fault},
		"a run every quarter is soon": {2 * time.Hour, 15 * time.Minute, OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &patient{Doctor: &Doctor{State: t.TempDir(), Textfiles: t.TempDir(), Files: []string{"aipass.prom"}, Now: func() time.Time { return now }}}
			written := now.Add(-row.age)
			dated(t, filepath.Join(p.Textfiles, "aipass.prom"), written)
			if row.interval > 0 {
				state := actions.State{Actions: map[string]actions.ActionState{runJob: {LastRun: written, NextRun: written.Add(row.interval)}}}
				if err := statefile.Save(filepath.Join(p.State, actions.StateFile), state); err != nil {
					t.Fatal(err)
				}
			}
			says := "aipass.prom"
			if row.want == Fault {
				says = "no run has written it since"
			}
			check(t, p.textfiles(t.Context()), row.want, says)
			check(t, p.reads(map[string]time.Time{"/x/aipass.prom": written}), row.want, says)
		})
	}
}

// Who has no file has another remedy than whose file lies elsewhere.
func TestWhyATextfileIsNotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dated(t, filepath.Join(dir, "aipass.prom"), time.Now())
	both := []string{"aipass.prom", "aipass_actions.prom"}
	for name, row := range map[string]struct {
		textfiles string
		reads     []string
		remedy    string
	}{
		"no run has written it":         {dir, []string{"/x/aipass.prom"}, "aipass-actions run"},
		"it is read elsewhere":          {dir, nil, "start it with --collector.textfile.directory=" + dir},
		"the other of the two is there": {"", []string{"/my files/aipass.prom"}, "aipass-actions run '--textfile.directory=/my files'"},
		"nobody knows where":            {"", nil, "start it with --collector.textfile.directory=DIR"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &patient{Doctor: &Doctor{Textfiles: row.textfiles, Files: both, State: t.TempDir(), Now: time.Now}}
			times := map[string]time.Time{}
			for _, file := range row.reads {
				times[file], _ = p.written("aipass.prom")
				if row.textfiles == "" {
					times[file] = time.Now()
				}
			}
			step := p.reads(times)
			if step.Result != Fault || !strings.HasPrefix(step.Remedy, row.remedy) {
				t.Errorf("%+v, want the remedy %q", step, row.remedy)
			}
		})
	}
}

func local(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, text, time.Local)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// dated puts a file there that was written then.
func dated(t *testing.T, path string, at time.Time) {
	t.Helper()
	put(t, path, "")
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// save notes a run in the state.
func save(t *testing.T, dir string, run time.Time) {
	t.Helper()
	var state actions.State
	state.Ran(runJob, run, time.Second, time.Hour, true)
	if err := statefile.Save(filepath.Join(dir, actions.StateFile), state); err != nil {
		t.Fatal(err)
	}
}
