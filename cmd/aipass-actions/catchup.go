package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/schedule"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

type catchUpFlags struct {
	shared *sharedFlags
	runs   map[string]jobRun
}

// addCatchUp adds the command, with what can be said of each of the jobs.
func addCatchUp(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("catch-up", "Do the jobs that were missed, each once: the host was off, or cron was down. For every start of the host.")
	table, mail, both := "table", "mail", addJobFlags(cmd)
	running := &runFlags{jobFlags: both, shared: shared, cleanup: &cleanupFlags{shared: shared}, interval: hourly, output: &table}
	running.add(cmd)
	reporting := &reportFlags{jobFlags: both, shared: shared, output: &mail}
	reporting.add(cmd)
	f := &catchUpFlags{shared, map[string]jobRun{runJob: running.runIf, reportJob: reporting.mailIf}}
	r.Add(cmd, f.run)
}

// run goes by the state alone: it looks at the host only if a job is due.
func (f *catchUpFlags) run(ctx context.Context) error {
	logger := f.shared.newLogger()
	state := f.shared.peekState()
	due := schedule.Due(jobs(), &state, f.shared.now())
	if len(due) == 0 {
		_, err := fmt.Fprintln(f.shared.room.Stdout, "no job was missed")
		return err
	}
	var first error
	for _, j := range due {
		logger.Info("catching up", "job", j.Name, "missed", j.Stand(&state, f.shared.now()).Due)
		err := f.runs[j.Name](ctx, func(now *actions.State) bool {
			return j.Stand(now, f.shared.now()).IsDue() // nobody else has done it meanwhile
		})
		first = cmp.Or(first, f.said(j, err, logger))
	}
	return first
}

// said tells of a job that failed, and goes on: the end of the program tells of
// one error only.
func (f *catchUpFlags) said(j schedule.Job, err error, logger *slog.Logger) error {
	switch {
	case err == nil || errors.Is(err, cli.ErrSaid):
		return err
	case cli.IsUsage(err):
		return err // the same for all
	}
	logger.Error("job failed", "job", j.Name, "err", err)
	return cli.ErrSaid
}
