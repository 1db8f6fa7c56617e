package look

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// What is kept in the state directory.
const (
	faultsFile       = "faults.json"
	recollectionFile = "files.bin"
	textfileMemory   = "textfile.json"
	lockFile         = "collect.lock"
)

// Remember runs with the faults that earlier runs have logged, unless another
// run is at it. A state directory that is of no use costs no metrics: the run
// goes on without, and is no success.
func Remember(dir string, faults *FaultLog, logger *slog.Logger, run func() error) error {
	unlock, held, err := statefile.TryLock(filepath.Join(dir, lockFile))
	if held {
		logger.Warn("another run is at work, nothing done", "state", dir)
		return nil
	}
	return remember(unlock, err, dir, faults, logger, run)
}

// RememberIn is Remember that waits, as long as ctx lasts, for another run, and
// goes on without what it remembers.
func RememberIn(ctx context.Context, dir string, faults *FaultLog, logger *slog.Logger, run func() error) error {
	unlock, held, err := statefile.Lock(ctx, filepath.Join(dir, lockFile))
	if held {
		err = errors.New("another run is at work, and has been for long")
	}
	return remember(unlock, err, dir, faults, logger, run)
}

func remember(unlock func(), err error, dir string, faults *FaultLog, logger *slog.Logger, run func() error) error {
	if err != nil {
		return outcome(run(), err, logger)
	}
	defer unlock()

	file := filepath.Join(dir, faultsFile)
	err = statefile.Load(file, &faults.known)
	if _, aside := errors.AsType[*statefile.SetAsideError](err); aside {
		logger.Warn("state is not usable, going on without", "err", err)
	} else if err != nil { // it may be fine, so it must not be replaced
		return outcome(run(), err, logger)
	}
	before := faults.known
	err = run()
	if slices.Equal(before, faults.known) {
		return err
	}
	return outcome(err, statefile.Save(file, faults.known), logger)
}

// outcome is that of a run whose state may be of no use, which is told apart.
func outcome(run, state error, logger *slog.Logger) error {
	if state == nil {
		return run
	}
	logger.Error("--state.dir is of no use", "err", state)
	if run == nil {
		return cli.ErrSaid
	}
	return run
}
