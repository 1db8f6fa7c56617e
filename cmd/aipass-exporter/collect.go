package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/statefile"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// metricsFile is the file that collect writes in the textfile directory.
const metricsFile = "aipass.prom"

// What collect keeps in the state directory.
const (
	faultsFile = "faults.json"
	lockFile   = "collect.lock"
)

// errNoRegistry: without branches there is nothing to report, and the file
// that was written says so too.
var errNoRegistry = errors.New("no usable registry")

type collectFlags struct {
	directory, output, state *string
	interval                 *time.Duration
}

func addCollect(app *kingpin.Application, host *hostFlags, stdout io.Writer) (string, func(*slog.Logger) command) {
	cmd := app.Command("collect", "Look at the host once and write the metrics as a textfile. For cron.")
	f := collectFlags{
		directory: cmd.Flag("textfile.directory", "Write "+metricsFile+" here, where node_exporter's --collector.textfile.directory points.").
			PlaceHolder("DIR").ExistingDir(),
		output:   cmd.Flag("output", "Write to this file instead; - is the standard output.").Default("-").PlaceHolder("FILE").String(),
		state:    cmd.Flag("state.dir", "Remember here what has been logged, so that a lasting fault is logged once, and let no two runs overlap.").PlaceHolder("DIR").String(),
		interval: cmd.Flag("interval", "Time to the next run, for alerts on runs that did not come; 0 if there is none.").Default("1h").Duration(),
	}
	return cmd.FullCommand(), func(logger *slog.Logger) command {
		return func(ctx context.Context) error {
			tree, err := host.tree()
			if err != nil {
				return err
			}
			path, err := f.path(tree)
			if err != nil {
				return err
			}
			if *f.state == "" {
				return collect(ctx, host, tree, collection{path, stdout, *f.interval, new(faultLog)}, logger)
			}
			return f.remembering(tree, logger, func(faults *faultLog) error {
				return collect(ctx, host, tree, collection{path, stdout, *f.interval, faults}, logger)
			})
		}
	}
}

// A collection says where a look goes.
type collection struct {
	path     string // "" is stdout
	stdout   io.Writer
	interval time.Duration
	faults   *faultLog
}

func collect(ctx context.Context, host *hostFlags, tree aipass.Tree, c collection, logger *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, *host.timeout)
	defer cancel()
	look := collectors.Look{Started: time.Now(), Interval: c.interval}
	look.Snapshot = tree.Snapshot(ctx)
	c.faults.report(look.Snapshot, logger)
	branches, whole := len(look.Snapshot.Branches), incomplete(look.Snapshot)

	write := func(w io.Writer) error {
		defer func() { look.Snapshot = nil }() // gone before the preflight needs memory
		return collectors.WriteText(w, look, host.collectors(), logger)
	}
	var err error
	if c.path == "" {
		err = write(c.stdout)
	} else {
		err = textfile.Write(c.path, write)
	}
	if err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	logger.Info("host collected", "home", tree.Root(), "branches", branches,
		"duration", time.Since(look.Started), "output", c.path)
	return whole
}

// remembering runs f with the faults that earlier runs have logged, unless
// another run is at it.
func (f collectFlags) remembering(tree aipass.Tree, logger *slog.Logger, run func(*faultLog) error) error {
	file, err := outside(tree, "--state.dir", filepath.Join(*f.state, faultsFile))
	if err != nil {
		return err
	}
	unlock, held, err := statefile.TryLock(filepath.Join(*f.state, lockFile))
	if err != nil {
		return fmt.Errorf("--state.dir: %w", err)
	}
	if held {
		logger.Info("another run is at work, nothing to do", "state", *f.state)
		return nil
	}
	defer unlock()
	faults := new(faultLog)
	if err := statefile.Load(file, &faults.known); err != nil {
		logger.Warn("state not usable, going on without", "err", err)
	}
	return errors.Join(run(faults), statefile.Save(file, faults.known))
}

// incomplete is what keeps a run from being a success, although it was written.
func incomplete(s *aipass.Snapshot) error {
	if !s.Registry.OK() && len(s.Branches) == 0 {
		return fmt.Errorf("%w: %w", errNoRegistry, s.Registry.Err)
	}
	return s.Incomplete
}

// path is the file to write, "" for the standard output.
func (f collectFlags) path(tree aipass.Tree) (string, error) {
	switch {
	case *f.directory != "" && *f.output != "-":
		return "", exitError{2, errors.New("--textfile.directory and --output exclude each other, try --help")}
	case *f.directory != "":
		return outside(tree, "--textfile.directory", filepath.Join(*f.directory, metricsFile))
	case *f.output != "-":
		return outside(tree, "--output", *f.output)
	}
	return "", nil
}

// outside refuses what would be written below the AIPass home.
func outside(tree aipass.Tree, flag, path string) (string, error) {
	within, err := tree.Contains(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	if within {
		return "", fmt.Errorf("%s: %s is below the AIPass home, where this program never writes; name a directory elsewhere", flag, path)
	}
	return path, nil
}
