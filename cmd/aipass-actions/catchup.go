package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/schedule"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

type catchUpFlags struct {
	shared *sharedFlags
	runs   map[string]jobRun
	checks []func() error // of what was said of each
}

// addCatchUp adds the command, with what can be said of each of the jobs.
func addCatchUp(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("catch-up", "Do the jobs that were missed, each once: the host was off, or cron was down. For every start of the host.")
	table, mail, both := "table", "mail", addJobFlags(cmd)
	running := &runFlags{jobFlags: both, shared: shared, cleanup: &cleanupFlags{shared: shared}, interval: hourly, output: &table}
	running.add(cmd)
	reporting := &reportFlags{jobFlags: both, shared: shared, output: &mail, asJob: true}
	reporting.add(cmd)
	f := &catchUpFlags{shared, map[string]jobRun{runJob: running.runIf, reportJob: reporting.mailIf}, []func() error{running.check, reporting.check}}
	r.Add(cmd, f.run)
}

// run goes by the state alone: it looks at the host only if a job is due.
func (f *catchUpFlags) run(ctx context.Context) error {
	for _, check := range f.checks {
		if err := check(); err != nil {
			return err
		}
	}
	logger := f.shared.newLogger()
	state := f.shared.peekState()
	due := schedule.Due(jobs(), &state, f.shared.now())
	if len(due) == 0 {
		_, err := fmt.Fprintln(f.shared.room.Stdout, "no job was missed")
		return err
	}
	failed := map[string]error{}
	for _, j := range due {
		logger.Info("catching up", "job", j.Name, "missed", j.Stand(&state, f.shared.now()).Due)
		failed[j.Name] = f.runs[j.Name](ctx, func(now *actions.State) bool {
			return j.Stand(now, f.shared.now()).IsDue() // nobody else has done it meanwhile
		})
	}
	return verdict(due, failed, logger)
}

// verdict tells of the jobs that failed. If none was done, and one for want of what
// a run needs to begin, the end of the program tells of that: it is the same for all.
func verdict(due []schedule.Job, failed map[string]error, logger *slog.Logger) error {
	isDone := func(j schedule.Job) bool { return failed[j.Name] == nil || errors.Is(failed[j.Name], cli.ErrSaid) }
	none := !slices.ContainsFunc(due, isDone)
	var begin, said error
	for _, j := range due {
		err := failed[j.Name]
		if none && cli.IsUsage(err) {
			begin = cmp.Or(begin, err)
			continue
		}
		if !isDone(j) {
			logger.Error("job failed", "job", j.Name, "err", err)
		}
		if err != nil {
			said = cli.ErrSaid
		}
	}
	return cmp.Or(begin, said)
}
