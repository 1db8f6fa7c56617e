package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// What collect keeps in the state directory.
const (
	faultsFile = "faults.json"
	lockFile   = "collect.lock"
)

// remember runs with the faults that earlier runs have logged, unless another
// run is at it. A state directory that is of no use costs no metrics: the run
// goes on without, and is no success.
func remember(dir string, faults *faultLog, logger *slog.Logger, run func() error) error {
	unlock, held, err := statefile.TryLock(filepath.Join(dir, lockFile))
	if err != nil {
		return errors.Join(run(), fmt.Errorf("--state.dir: %w", err))
	}
	if held {
		logger.Warn("another run is at work, nothing done", "state", dir)
		return nil
	}
	defer unlock()

	file := filepath.Join(dir, faultsFile)
	var aside *statefile.SetAsideError
	err = statefile.Load(file, &faults.known)
	switch {
	case errors.As(err, &aside):
		logger.Warn("state is not usable, going on without", "err", err)
	case err != nil: // it may be fine, so it must not be replaced
		return errors.Join(run(), fmt.Errorf("--state.dir: %w", err))
	}
	return errors.Join(run(), statefile.Save(file, faults.known))
}
