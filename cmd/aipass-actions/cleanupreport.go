package main

import (
	"fmt"
	"time"

	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A cleanupReport is what a cleanup did, or would do.
type cleanupReport struct {
	Home     string         `json:"home"`
	Taken    time.Time      `json:"taken"`
	DryRun   bool           `json:"dry_run"`
	Run      string         `json:"run,omitempty"` // for undo; none if nothing was changed
	undo     string         // the command that puts it back
	Branches int            `json:"branches"`
	Opened   int            `json:"opened"`
	Closed   int            `json:"closed"`
	Failed   int            `json:"failed"`
	Details  []branchReport `json:"details"` // of branches with something to tell
}

type branchReport struct {
	Branch string       `json:"branch"`
	Opened []itemReport `json:"opened"`
	Closed []itemReport `json:"closed"`
	Notice string       `json:"notice,omitempty"` // the id of the mail that tells the branch
	Fault  *faultReport `json:"fault,omitempty"`
}

type itemReport struct {
	ID      string    `json:"id"`
	Sent    time.Time `json:"sent"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
}

type faultReport struct {
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

func newCleanupReport(f *cleanupFlags, h host, run *cleanup.Run, results []cleanup.Result) cleanupReport {
	report := cleanupReport{
		Home: h.tree.Root(), Taken: h.look.Taken, DryRun: f.dryRun,
		Branches: len(results), Details: []branchReport{},
	}
	for _, r := range results {
		if r.Err != nil {
			report.Failed++
		}
		report.Opened += len(r.Opened)
		report.Closed += len(r.Closed)
		if len(r.Opened)+len(r.Closed) > 0 || r.Err != nil {
			report.Details = append(report.Details, newBranchReport(r))
		}
	}
	if run != nil && report.Opened+report.Closed > 0 {
		report.Run = run.ID
		report.undo = f.shared.undoCommand(h, run.ID)
	}
	return report
}

func newBranchReport(r cleanup.Result) branchReport {
	b := branchReport{Branch: r.Branch, Opened: newItems(r.Opened), Closed: newItems(r.Closed), Notice: r.Notice}
	b.Fault = newFault(r.Err, r.Remedy)
	return b
}

func newItems(items []cleanup.Item) []itemReport {
	reports := []itemReport{}
	for _, i := range items {
		reports = append(reports, itemReport{i.ID, i.Sent, i.From, i.Subject})
	}
	return reports
}

func newFault(err error, remedy string) *faultReport {
	if err == nil {
		return nil
	}
	return &faultReport{err.Error(), remedy}
}

func writeCleanup(r cli.Room, output string, report cleanupReport) error {
	if output == "json" {
		return writeJSON(r.Stdout, report)
	}
	return writeCleanupTable(r, report)
}

func writeCleanupTable(r cli.Room, report cleanupReport) error {
	t := newTable(r)
	done := [...]string{"opened", "closed"}
	if report.DryRun {
		done = [...]string{"would open", "would close"}
	}
	if report.Opened+report.Closed > 0 {
		t.AddPlain("BRANCH", "WHAT", "AGE", "FROM", "SUBJECT", "ID")
	}
	for _, b := range report.Details {
		for i, items := range [...][]itemReport{b.Opened, b.Closed} {
			for _, item := range items {
				t.Add(item.cells(b.Branch, done[i], report.Taken)...)
			}
		}
	}
	if err := t.Write(harmless{r.Stdout}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(harmless{r.Stdout}, "%s: %d branches, %s %d, %s %d, failed %d%s\n", report.Home, report.Branches,
		done[0], report.Opened, done[1], report.Closed, report.Failed, undoHint(report.undo))
	return err
}

func undoHint(command string) string {
	if command == "" {
		return ""
	}
	return "; to put it back: " + command
}

// undoCommand works wherever it is given.
func (f *sharedFlags) undoCommand(h host, run string) string {
	command := "aipass-actions undo " + run + " --aipass.home=" + h.tree.Root()
	if dir, err := f.stateDir(); err == nil && f.state != "" {
		command += " --state.dir=" + dir
	}
	return command
}

// subjectWidth is how much of somebody's subject a table shows, in code points.
const subjectWidth = 60

func (i itemReport) cells(branch, done string, now time.Time) []cli.Cell {
	return []cli.Cell{
		{Text: branch},
		{Text: done, Colour: cli.Yellow},
		{Text: age(now.Sub(i.Sent))},
		{Text: i.From},
		{Text: mailbox.Quote(i.Subject, subjectWidth)},
		{Text: i.ID},
	}
}

// age is in days and hours: nobody asks for more.
func age(d time.Duration) string {
	hours := int(d.Hours())
	return fmt.Sprintf("%dd %dh", hours/24, hours%24)
}
