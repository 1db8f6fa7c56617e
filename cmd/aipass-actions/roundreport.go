package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/engine"
)

// A roundReport is what a run did, or would do.
type roundReport struct {
	Home     string         `json:"home"`
	Taken    time.Time      `json:"taken"`
	DryRun   bool           `json:"dry_run"`
	Branches int            `json:"branches"`
	Textfile string         `json:"textfile,omitempty"`
	Alerts   *foundReport   `json:"alerts"`          // null if the rules were not evaluated
	Notices  []noticeReport `json:"notices"`         // null if nobody was to be told
	Cleanup  *cleanupReport `json:"cleanup"`         // null if mail was not looked after
	Summary  int            `json:"summary"`         // issues that a mail of their own tells of, since no other does
	Events   *eventsReport  `json:"events"`          // null if no command was to be told
	Would    *wouldReport   `json:"would,omitempty"` // none but in a dry run
}

// An eventsReport counts events by what became of them.
type eventsReport struct {
	Told   int `json:"told"`
	Failed int `json:"failed"`
	Left   int `json:"left"`
}

// A foundReport counts alerts.
type foundReport struct {
	Firing  int `json:"firing"`
	Pending int `json:"pending"`
}

type noticeReport struct {
	Receiver string            `json:"receiver"`
	To       string            `json:"to,omitempty"` // whose mail; none if it was posted
	Group    map[string]string `json:"group"`
	Alerts   []toldReport      `json:"alerts"`
	Error    string            `json:"error,omitempty"`
	dryRun   bool
}

type toldReport struct {
	Alert   string `json:"alert"`
	Branch  string `json:"branch,omitempty"`
	Status  string `json:"status"`
	Outcome string `json:"outcome,omitempty"` // none in a dry run
	Mailbox string `json:"mailbox,omitempty"`
}

func newRoundReport(r *round) *roundReport {
	report := &roundReport{Home: r.host.tree.Root(), Taken: r.host.look.Taken, DryRun: r.dryRun, Branches: len(r.host.look.Branches)}
	if r.dryRun {
		report.Would = &wouldReport{Write: []string{r.dir}}
	}
	if r.shared.textfile != "" && !r.skips(collectPart) {
		report.Textfile = r.textfilePath(look.MetricsFile)
		if r.dryRun {
			report.Would.Write = append(report.Would.Write, report.Textfile, r.textfilePath(actions.MetricsFile))
		}
	}
	return report
}

func (r *roundReport) alerts(found []engine.Alert) {
	r.Alerts = new(foundReport)
	for _, a := range found {
		switch a.State {
		case engine.Firing:
			r.Alerts.Firing++
		case engine.Pending:
			r.Alerts.Pending++
		}
	}
}

func (r *roundReport) told(telling *alerting.Telling) {
	r.Notices = []noticeReport{}
	for _, n := range telling.Notices {
		notice := noticeReport{Receiver: n.Receiver, To: n.To, Group: n.GroupLabels, Alerts: []toldReport{}, dryRun: r.DryRun}
		if n.Err != nil {
			notice.Error = n.Err.Error()
		}
		for _, t := range n.Told {
			notice.Alerts = append(notice.Alerts, toldReport{t.Name, t.About, t.Status, string(t.Outcome), t.Branch})
		}
		if len(n.Told) == 0 {
			notice.plan(n)
		}
		r.Notices = append(r.Notices, notice)
	}
}

// plan lists what is to be told, when nobody was told yet.
func (r *noticeReport) plan(n *alerting.Notice) {
	message, err := alerts.Parse(n.Body)
	if err != nil {
		return
	}
	for _, a := range message.Alerts {
		r.Alerts = append(r.Alerts, toldReport{Alert: a.Labels["alertname"], Branch: a.Labels["branch"], Status: a.Status})
	}
}

func (r *roundReport) cleanup(report cleanupReport) { r.Cleanup = &report }

// say tells what was done, nothing if the round did not begin.
func (r *round) say() say {
	if r.report == nil {
		return nil
	}
	return func() error {
		if *r.output == "json" {
			return writeJSON(r.shared.room.Stdout, r.report)
		}
		return r.report.write(r.shared.room)
	}
}

func (r *roundReport) write(room cli.Room) error {
	t := newTable(room)
	if len(r.Notices) > 0 {
		t.AddPlain("ALERT", "BRANCH", "STATUS", "TO", "MAILBOX", "OUTCOME")
	}
	for _, n := range r.Notices {
		for _, a := range n.Alerts {
			t.Add(n.cells(a)...)
		}
	}
	if err := t.Write(harmless{room.Stdout}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(harmless{room.Stdout}, "%s%s: %s\n", r.Would.lines(), cli.Printable(r.Home), r.summary())
	if err != nil || r.Cleanup == nil {
		return err
	}
	return writeCleanupTable(room, *r.Cleanup)
}

func (r *noticeReport) cells(a toldReport) []cli.Cell {
	outcome := cli.Cell{Text: cmp.Or(a.Outcome, "posted")}
	switch {
	case r.Error != "" && (a.Outcome == "" || a.Outcome == string(alerts.Failed)):
		outcome = cli.Cell{Text: "failed", Colour: cli.Red}
	case r.dryRun:
		outcome.Text = "would be told"
	}
	return []cli.Cell{
		{Text: a.Alert}, {Text: cmp.Or(a.Branch, "-")}, {Text: a.Status}, {Text: cmp.Or(r.To, r.Receiver)}, {Text: cmp.Or(a.Mailbox, "-")}, outcome,
	}
}

// summary is all of it in a line.
func (r *roundReport) summary() string {
	parts := []string{fmt.Sprintf("%d branches", r.Branches)}
	if r.Alerts != nil {
		parts = append(parts, fmt.Sprintf("%d alerts firing, %d pending", r.Alerts.Firing, r.Alerts.Pending))
	}
	if r.Summary > 0 {
		parts = append(parts, fmt.Sprintf("%d in a summary", r.Summary))
	}
	if e := r.Events; e != nil && e.Failed+e.Left > 0 {
		parts = append(parts, fmt.Sprintf("%d events told, %d failed, %d left", e.Told, e.Failed, e.Left))
	}
	if r.Textfile != "" && !r.DryRun {
		parts = append(parts, "metrics in "+cli.Printable(r.Textfile))
	}
	return strings.Join(parts, "; ")
}
