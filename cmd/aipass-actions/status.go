package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func addStatus(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("status", "Say how the jobs stand, which alerts fire, and what cleanups have done. Looks at the state alone.")
	asJSON := cmd.Flag("json", "Print the same as JSON.").Bool()
	r.Add(cmd, func(context.Context) error {
		dir, err := shared.stateDir()
		if err != nil {
			return err
		}
		state, err := shared.readState()
		if err != nil {
			return fmt.Errorf("%w; the next run sets it aside if it is broken", err)
		}
		status := newStatus(filepath.Join(dir, actions.StateFile), &state, shared.now())
		if *asJSON {
			return writeJSON(r.Stdout, status)
		}
		return writeStatus(r, status)
	})
}

// A statusReport is what status says, and the shape of its JSON.
type statusReport struct {
	State   string        `json:"state"` // where it is kept
	Home    string        `json:"home"`  // "" before the first run
	Jobs    []jobReport   `json:"jobs"`
	Alerts  *alertsReport `json:"alerts"` // null if the rules have never been evaluated
	Cleanup struct {
		Opened int `json:"opened"`
		Closed int `json:"closed"`
		Errors int `json:"errors"`
	} `json:"cleanup"`
}

type jobReport struct {
	Job     string     `json:"job"`
	LastRun *time.Time `json:"last_run"` // null if it never ran
	Result  string     `json:"result"`
	NextRun time.Time  `json:"next_run,omitzero"` // of a cleanup it is the run's
	Overdue bool       `json:"overdue"`
	Missed  *time.Time `json:"missed,omitempty"` // the first slot that it was not run at
}

type alertsReport struct {
	Evaluated time.Time       `json:"evaluated"`
	Firing    []actions.Alert `json:"firing"`
}

func newStatus(path string, state *actions.State, now time.Time) statusReport {
	s := statusReport{State: path, Home: state.Home, Jobs: []jobReport{}}
	for _, j := range jobs() {
		stand := j.Stand(state, now)
		job := jobReport{Job: j.Name, Result: stand.Result(), NextRun: stand.Next, Overdue: stand.IsDue()}
		if !stand.LastRun.IsZero() {
			job.LastRun = &stand.LastRun
		}
		if stand.IsDue() {
			job.Missed = &stand.Due
		}
		s.Jobs = append(s.Jobs, job)
	}
	if c := state.Actions[cleanupJob]; !c.LastRun.IsZero() {
		s.Jobs = append(s.Jobs, jobReport{Job: cleanupJob, LastRun: &c.LastRun, Result: c.LastStatus})
	}
	if state.Alerts.Known() {
		s.Alerts = &alertsReport{state.Alerts.Evaluated, append([]actions.Alert{}, state.Alerts.Firing...)}
	}
	total := state.MailCleanup.Stats
	s.Cleanup.Opened, s.Cleanup.Closed, s.Cleanup.Errors = total.AutoOpened, total.AutoClosed, total.Errors
	return s
}

func writeStatus(r cli.Room, s statusReport) error {
	t := newTable(r)
	t.AddPlain("JOB", "LAST RUN", "RESULT", "NEXT RUN", "OVERDUE")
	for _, j := range s.Jobs {
		t.Add(j.cells()...)
	}
	if err := t.Write(r.Stdout); err != nil {
		return err
	}
	fmt.Fprintln(r.Stdout)
	if err := writeAlerts(r, s.Alerts); err != nil {
		return err
	}
	_, err := fmt.Fprintf(harmless{r.Stdout}, "cleanups so far: opened %d, closed %d, failed %d\nstate: %s\n",
		s.Cleanup.Opened, s.Cleanup.Closed, s.Cleanup.Errors, cli.Printable(s.State))
	return err
}

func (j jobReport) cells() []cli.Cell {
	last, result, next, overdue := cli.Cell{Text: "-"}, cli.Cell{Text: j.Result, Colour: cli.Green}, cli.Cell{Text: "with run"}, cli.Cell{Text: "no"}
	if j.LastRun != nil {
		last.Text = j.LastRun.Local().Format(time.DateTime)
	}
	if j.Result != actions.StatusOK {
		result.Colour = cli.Yellow
	}
	if j.Overdue {
		overdue = cli.Cell{Text: "since " + j.Missed.Local().Format(time.DateTime), Colour: cli.Red}
	}
	if !j.NextRun.IsZero() {
		next.Text = j.NextRun.Local().Format(time.DateTime)
	}
	return []cli.Cell{{Text: j.Job}, last, result, next, overdue}
}

func writeAlerts(r cli.Room, alerts *alertsReport) error {
	if alerts == nil {
		_, err := fmt.Fprintln(r.Stdout, "alerts: none known, for the rules have not been evaluated")
		return err
	}
	t := newTable(r)
	if len(alerts.Firing) > 0 {
		t.AddPlain("ALERT", "BRANCH", "SEVERITY", "SINCE", "WHAT")
	}
	for _, a := range alerts.Firing {
		t.AddPlain(a.Name, a.Branch, a.Severity, a.Since.Local().Format(time.DateTime), mailbox.Quote(a.Description, descriptionWidth))
	}
	if err := t.Write(harmless{r.Stdout}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(r.Stdout, "alerts: %d firing, at %s\n", len(alerts.Firing), alerts.Evaluated.Local().Format(time.DateTime))
	return err
}

// descriptionWidth is how much of an alert's description a table shows, in code
// points.
const descriptionWidth = 120
