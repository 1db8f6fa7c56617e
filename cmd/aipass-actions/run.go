package main

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime/debug"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// gcPercent lets the garbage collector work half as often as it would: a run is short,
// and on a large host a tenth shorter for it. On one of 30 branches it takes 4 MB.
const gcPercent = 200

// runLock keeps runs apart from each other. What else changes the state is waited for.
const runLock = "run.lock"

func addRun(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("run", "Look at the host, evaluate the alert rules, make mail of alerts and look after stale mail: all of it, once. For cron, in place of any server.")
	f := &runFlags{jobFlags: addJobFlags(cmd), shared: shared, cleanup: &cleanupFlags{shared: shared}, output: addOutput(cmd)}
	f.add(cmd)
	cmd.Flag("interval", "Time to the next run, for the history of metrics and for alerts on runs that did not come; 0 if there is none.").
		Default(hourly.String()).DurationVar(&f.interval)
	cmd.Flag("dry-run", "Say what would be told and written, and write nothing at all.").BoolVar(&f.dryRun)
	r.Add(cmd, f.run)
}

func (f *runFlags) run(ctx context.Context) error {
	if f.dryRun {
		return f.dry(ctx)
	}
	return f.runIf(ctx, always)
}

// runIf is a run that is not dry, if the state says that it is wanted. Another
// run does the same, and is left to it; whatever else is at work is waited for.
func (f *runFlags) runIf(ctx context.Context, wanted func(*actions.State) bool) error {
	debug.SetGCPercent(gcPercent)
	if err := f.check(); err != nil {
		return err
	}
	dir, err := f.shared.stateDir()
	if err != nil {
		return err
	}
	logger := f.shared.newLogger()
	unlock, held, err := statefile.TryLock(filepath.Join(dir, runLock))
	if held {
		logger.Warn("another run is at work, nothing done", "state", dir)
		return nil
	}
	if err != nil {
		return errStateDir(err)
	}
	defer unlock()
	patient, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	return f.shared.withStateIn(patient, logger, func(state *actions.State) (say, error) {
		if !wanted(state) {
			return nil, nil
		}
		r := &round{runFlags: f, dir: dir, state: state, logger: logger, started: f.shared.now()}
		err := r.make(ctx)
		return r.say(), err
	})
}

// dry makes a round by the state as it is.
func (f *runFlags) dry(ctx context.Context) error {
	if err := f.check(); err != nil {
		return err
	}
	dir, err := f.shared.stateDir()
	if err != nil {
		return err
	}
	state := f.shared.peekState()
	r := &round{runFlags: f, dir: dir, state: &state, logger: f.shared.newLogger(), started: f.shared.now()}
	f.cleanup.dryRun = true
	err = r.make(ctx)
	if tell := r.say(); tell != nil {
		return cmp.Or(tell(), err)
	}
	return err
}
