package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

type undoFlags struct {
	shared               *sharedFlags
	run, branch, message string
	output               *string
}

func addUndo(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("undo", "Put back what a cleanup did, as far as the branches have not changed it since. Later cleanups leave it alone.")
	f := &undoFlags{shared: shared, output: addOutput(cmd)}
	cmd.Arg("run", "The run, as journal lists it; without it, the last that has not been undone.").StringVar(&f.run)
	cmd.Flag("branch", "Only what was done to this branch.").PlaceHolder("NAME").StringVar(&f.branch)
	cmd.Flag("message", "Only the message of this id; without a run, what the last one did to it.").PlaceHolder("ID").StringVar(&f.message)
	r.Add(cmd, f.carry)
}

func (f *undoFlags) carry(ctx context.Context) error {
	logger := f.shared.newLogger()
	return f.shared.withState(logger, func(state *actions.State) error {
		h, err := f.shared.openHost(ctx)
		if err != nil {
			return err
		}
		journal, err := f.shared.journal()
		if err != nil {
			return err
		}
		undo, err := f.choose(journal)
		if err != nil {
			return err
		}
		h.mailbox.Observer = actions.Observe(&state.Mailbox)
		undo.Mailbox = h.mailbox
		branches, err := h.branches(nil)
		if err != nil {
			return err
		}
		results, err := undo.Carry(ctx, branches)
		if err != nil {
			return cli.Usage(err)
		}
		leave(state, results, undo.Now)
		return f.report(ctx, h, undo.Run, results, logger)
	})
}

// errNothingToUndo names what nothing was done to, if it was asked for.
func (f *undoFlags) errNothingToUndo() error {
	about := strings.TrimSpace(f.branch + " " + f.message)
	if about != "" {
		about = " and did anything to " + about
	}
	return cli.Usage(fmt.Errorf("the journal has no run that has not been undone%s", about))
}

// choose finds the run that was asked for.
func (f *undoFlags) choose(journal cleanup.Journal) (cleanup.Undo, error) {
	undo := cleanup.Undo{Journal: journal, Branch: f.branch, Message: f.message, Now: time.Now()}
	if f.run != "" {
		run, err := journal.Read(f.run)
		if errors.Is(err, cleanup.ErrNoRun) {
			err = cli.Usage(err)
		}
		undo.Run = run
		return undo, err
	}
	runs, err := journal.List()
	if err != nil { // the last one may be what cannot be read
		return undo, fmt.Errorf("which run to undo is not certain, name it: %w", err)
	}
	for _, undo.Run = range runs {
		if !undo.Run.Undone() && undo.Concerns() {
			return undo, nil
		}
	}
	return undo, f.errNothingToUndo()
}

func (f *undoFlags) report(ctx context.Context, h host, run cleanup.History, results []cleanup.Undone, logger *slog.Logger) error {
	changed := map[string]mailbox.Count{}
	failed := false
	for _, r := range results {
		if r.Mail != nil {
			changed[r.Branch] = *r.Mail
		}
		if r.Err != nil {
			failed = true
			logger.Error("branch not put back", "branch", r.Branch, "err", r.Err, "remedy", r.Remedy)
		}
	}
	h.countCentrally(ctx, changed, logger)
	err := writeUndone(f.shared.room, *f.output, newUndoReport(run, results))
	if err == nil && failed {
		return cli.ErrSaid
	}
	return err
}

// An undoReport is what has been put back.
type undoReport struct {
	Run      string         `json:"run"`
	Restored int            `json:"restored"`
	Kept     int            `json:"kept"` // as the branches have made them since
	Details  []undoneReport `json:"details"`
}

type undoneReport struct {
	Branch   string       `json:"branch"`
	Restored []itemReport `json:"restored"`
	Kept     []string     `json:"kept"`
	Fault    *faultReport `json:"fault,omitempty"`
}

func newUndoReport(run cleanup.History, results []cleanup.Undone) undoReport {
	report := undoReport{Run: run.ID, Details: []undoneReport{}}
	for _, r := range results {
		report.Restored += len(r.Restored)
		report.Kept += len(r.Kept)
		report.Details = append(report.Details, undoneReport{
			Branch: r.Branch, Restored: newItems(r.Restored), Kept: append([]string{}, r.Kept...), Fault: newFault(r.Err, r.Remedy),
		})
	}
	return report
}

func writeUndone(r cli.Room, output string, report undoReport) error {
	if output == "json" {
		return writeJSON(r.Stdout, report)
	}
	for _, b := range report.Details {
		for _, kept := range b.Kept {
			fmt.Fprintf(harmless{r.Stdout}, "%s: left as it is: %s\n", cli.Printable(b.Branch), cli.Printable(kept))
		}
	}
	_, err := fmt.Fprintf(r.Stdout, "%s: %d messages put back, %d left as they are\n", report.Run, report.Restored, report.Kept)
	return err
}
