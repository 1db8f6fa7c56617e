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
	named                [2]bool // whether branch and message are
	output               *string
}

func addUndo(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("undo", "Put back what a cleanup did, as far as the branches have not changed it since. Later cleanups leave it alone.")
	f := &undoFlags{shared: shared, output: addOutput(cmd)}
	cmd.Arg("run", "The run, as journal lists it; without it, the last that has not been undone.").StringVar(&f.run)
	cmd.Flag("branch", "Only what was done to this branch.").PlaceHolder("NAME").IsSetByUser(&f.named[0]).StringVar(&f.branch)
	cmd.Flag("message", "Only the message of this id; without a run, what the last one did to it.").PlaceHolder("ID").IsSetByUser(&f.named[1]).StringVar(&f.message)
	r.Add(cmd, f.carry)
}

func (f *undoFlags) carry(ctx context.Context) error {
	if f.named[0] && f.branch == "" || f.named[1] && f.message == "" {
		return cli.Usage(errors.New("--branch and --message must not be empty: without them, all is put back"))
	}
	logger := f.shared.newLogger()
	return f.shared.withState(logger, func(state *actions.State) (say, error) {
		h, journal, err := f.shared.openToChange(ctx, state)
		if err != nil {
			return nil, err
		}
		undo, err := f.choose(journal, h.tree.Root())
		if err != nil {
			return nil, err
		}
		if undo.Run.Cut {
			logger.Warn("the journal of this run ends in the middle", "run", undo.Run.ID)
		}
		undo.Mailbox = h.mailbox
		branches, err := h.branches(nil)
		if err != nil {
			return nil, err
		}
		results, err := undo.Carry(ctx, branches)
		if err != nil {
			return nil, cli.Usage(err)
		}
		state.Home = h.tree.Root()
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

// choose finds the run that was asked for. Branches of other hosts may have the
// same names, so it must be one of this host.
func (f *undoFlags) choose(journal cleanup.Journal, home string) (cleanup.Undo, error) {
	undo := cleanup.Undo{Journal: journal, Branch: f.branch, Message: f.message, Now: time.Now()}
	if f.run != "" {
		run, err := journal.Read(f.run)
		if errors.Is(err, cleanup.ErrNoRun) {
			err = cli.Usage(err)
		}
		if err == nil && !sameDirectory(run.Home, home) {
			err = cli.Usage(fmt.Errorf("run %s was about another host: name it with --aipass.home=%s", run.ID, run.Home))
		}
		undo.Run = run
		return undo, err
	}
	runs, err := journal.List()
	if err != nil { // the last one may be what cannot be read
		return undo, fmt.Errorf("which run to undo is not certain, name it: %w", err)
	}
	for _, undo.Run = range runs {
		if sameDirectory(undo.Run.Home, home) && !undo.Run.Undone() && undo.Concerns() {
			return undo, nil
		}
	}
	return undo, f.errNothingToUndo()
}

func (f *undoFlags) report(ctx context.Context, h host, run cleanup.History, results []cleanup.Undone, logger *slog.Logger) (say, error) {
	changed := map[string]mailbox.Count{}
	var err error
	for _, r := range results {
		if r.Mail != nil {
			changed[r.Branch] = *r.Mail
		}
		if r.Err != nil {
			err = cli.ErrSaid
			logger.Error("branch not put back", "branch", r.Branch, "err", r.Err, "remedy", r.Remedy)
		}
	}
	h.countCentrally(ctx, changed, logger)
	report := newUndoReport(run, results)
	return func() error { return writeUndone(f.shared.room, *f.output, report) }, err
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
