package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/statefile"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// lockFile keeps runs apart that change mail or state.
const lockFile = "actions.lock"

var errBusy = errors.New("another run is at work")

// A say tells what a run did.
type say func() error

// withState runs one at a time, with the state of the runs before, which is
// saved and published whatever comes of the run, and before it says anything:
// nobody may be listening any more. errBusy is that of a run that found another.
func (f *sharedFlags) withState(logger *slog.Logger, run func(*actions.State) (say, error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), receiverTime)
	defer cancel()
	return f.withStateIn(ctx, logger, run)
}

// withStateIn is withState that waits, as long as ctx lasts, for another run.
func (f *sharedFlags) withStateIn(ctx context.Context, logger *slog.Logger, run func(*actions.State) (say, error)) error {
	s, err := f.holdState(ctx, logger)
	if err != nil {
		return err
	}
	defer s.unlock()
	tell, err := run(&s.State)
	err = outcome(err, s.save(), logger)
	err = outcome(err, f.publish(&s.State), logger)
	if tell == nil {
		return err
	}
	return cmp.Or(tell(), err)
}

// receiverTime is how long to wait for a receiver, which holds the state for as
// long as it takes to add its counts. Runs hold it for longer, and are not
// waited for.
const receiverTime = 2 * time.Second

// A heldState is the state while no other process may change it.
type heldState struct {
	actions.State
	path   string
	unlock func()
}

func (s *heldState) save() error {
	s.LastRun = actions.LastRun{Hourly: s.Actions[runJob].LastRun, DailyReport: s.Actions[reportJob].LastRun}
	return statefile.Save(s.path, s.State)
}

// holdState waits until ctx ends to have the state to itself. Without it a run
// cannot begin.
func (f *sharedFlags) holdState(ctx context.Context, logger *slog.Logger) (*heldState, error) {
	dir, err := f.stateDir()
	if err != nil {
		return nil, err
	}
	unlock, held, err := statefile.Lock(ctx, filepath.Join(dir, lockFile))
	if held {
		return nil, cli.Usage(fmt.Errorf("%w: it holds %s", errBusy, filepath.Join(dir, lockFile)))
	}
	if err != nil {
		return nil, errStateDir(err)
	}
	s := &heldState{path: filepath.Join(dir, actions.StateFile), unlock: unlock}
	err = statefile.Load(s.path, &s.State)
	if _, aside := errors.AsType[*statefile.SetAsideError](err); aside {
		logger.Warn("state is not usable, counting from zero", "err", err)
	} else if err != nil {
		unlock()
		return nil, errStateDir(err)
	}
	return s, nil
}

// errStateDir is that the state directory is of no use to whoever runs this.
func errStateDir(err error) error {
	return cli.Usage(fmt.Errorf("--state.dir: %w; run as the user whose state it is, or name another directory", err))
}

// peekState is the state for a run that changes nothing, and needs none. What
// is not usable would be set aside by one that does, so it is none either.
func (f *sharedFlags) peekState() actions.State {
	state, _ := f.readState()
	return state
}

// readState is the state as it is, without a lock and unchanged.
func (f *sharedFlags) readState() (state actions.State, err error) {
	dir, err := f.stateDir()
	if err == nil {
		err = statefile.Peek(filepath.Join(dir, actions.StateFile), &state)
	}
	return state, err
}

// outcome is that of a run after which something else may have failed. That is
// told apart, for the end of the program tells of one error only.
func outcome(run, after error, logger *slog.Logger) error {
	if after == nil {
		return run
	}
	logger.Error("not written", "err", after)
	return cmp.Or(run, cli.ErrSaid)
}

// publish writes the metrics, if somebody wants them.
func (f *sharedFlags) publish(state *actions.State) error {
	if f.textfile == "" {
		return nil
	}
	return textfile.Write(filepath.Join(f.textfile, actions.MetricsFile), func(w io.Writer) error {
		return actions.WriteMetrics(w, state)
	})
}
