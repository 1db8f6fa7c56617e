package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/statefile"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// memoryLimit, in bytes, is what the garbage collector works harder for to stay
// below. With the program's own text it makes a run of 40 MB.
const memoryLimit = 24 << 20

// gcPercentOfRun: below that limit, time is dearer than memory.
const gcPercentOfRun = 200

// metricsFile is the file that collect writes in the textfile directory.
const metricsFile = "aipass.prom"

type collectFlags struct {
	directory, output, state *string
	interval                 *time.Duration
}

func addCollect(r cli.Room, newLogger func() *slog.Logger) {
	cmd := r.App.Command("collect", "Look at the host once and write the metrics as a textfile. For cron.")
	host := addHostFlags(cmd, r.Sys, "1m")
	f := collectFlags{
		directory: cmd.Flag("textfile.directory", "Write "+metricsFile+" here, where node_exporter's --collector.textfile.directory points.").
			PlaceHolder("DIR").ExistingDir(),
		output:   cmd.Flag("output", "Write to this file instead; - is the standard output.").Default("-").PlaceHolder("FILE").String(),
		state:    cmd.Flag("state.dir", "Remember here what has been logged, how far logs have been read and what the files held, so that a lasting fault is logged once, log messages are counted, and what has not changed is not read again; and let no two runs overlap.").PlaceHolder("DIR").String(),
		interval: cmd.Flag("interval", "Time to the next run, for alerts on runs that did not come; 0 if there is none.").Default("1h").Duration(),
	}
	enabled, logs := addCollectorFlags(cmd), addLogFlags(cmd)
	r.Add(cmd, func(ctx context.Context) error {
		tree, err := host.Tree()
		if err != nil {
			return err
		}
		path, err := f.path(tree)
		if err != nil {
			return cli.Usage(err)
		}
		c := collection{
			tree: tree, timeout: host.Timeout, interval: *f.interval, collectors: enabled.chosen(host),
			path: path, stdout: r.Stdout, faults: new(faultLog), logger: newLogger(),
		}
		debug.SetMemoryLimit(memoryLimit)
		debug.SetGCPercent(gcPercentOfRun)
		if *f.state == "" { // and nothing to count from
			return c.run(ctx)
		}
		c.state = *f.state
		if c.logs, err = logs.counter(tree, host, c.collectors, *f.state, c.logger); err != nil {
			return err
		}
		return remember(*f.state, c.faults, c.logger, func() error { return c.run(ctx) })
	})
}

// path is the file to write, "" for the standard output.
func (f collectFlags) path(tree aipass.Tree) (path string, err error) {
	switch {
	case *f.interval < 0:
		return "", errors.New("--interval must not be below 0, try --help")
	case *f.directory != "" && *f.output != "-":
		return "", errors.New("--textfile.directory and --output exclude each other, try --help")
	case *f.output == "":
		return "", errors.New("--output is empty: name a file, or - for the standard output")
	case *f.directory != "":
		path = filepath.Join(*f.directory, metricsFile)
	case *f.output != "-":
		path = *f.output
	}
	for _, written := range [...]string{path, *f.state} {
		if err := outside(tree, written); err != nil {
			return "", err
		}
	}
	return path, nil
}

// outside refuses what would be written below the AIPass home.
func outside(tree aipass.Tree, path string) error {
	if path == "" {
		return nil
	}
	within, err := tree.Contains(path)
	if err == nil && within {
		err = fmt.Errorf("%s is below the AIPass home, where this program never writes; name a directory elsewhere", path)
	}
	return err
}

// A collection is one run of collect.
type collection struct {
	tree       aipass.Tree
	timeout    time.Duration
	interval   time.Duration
	collectors []collectors.Collector
	path       string // "" is stdout
	state      string // a directory; "" is none
	stdout     io.Writer
	faults     *faultLog
	logs       logCounter
	logger     *slog.Logger
}

func (c collection) run(ctx context.Context) error {
	look := collectors.Look{Started: time.Now(), Interval: c.interval}
	s, counted, err := c.look(ctx)
	if err != nil {
		return err
	}
	c.faults.report(s, c.logger)
	branches, whole := len(s.Branches), cmp.Or(incomplete(s), counted)
	look.Snapshot, s = s, nil

	write := func(w io.Writer) error {
		defer func() { look.Snapshot = nil }() // gone before the preflight needs memory
		return collectors.WriteText(w, look, c.collectors, c.logger)
	}
	if err := c.publish(write); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	c.logger.Info("host collected", "home", c.tree.Root(), "branches", branches,
		"duration", time.Since(look.Started), "output", c.path)
	return whole
}

func (c collection) publish(write func(io.Writer) error) error {
	switch {
	case c.path == "":
		return write(c.stdout)
	case c.state == "":
		return textfile.Write(c.path, write)
	}
	return textfile.Rewrite(c.path, filepath.Join(c.state, textfileMemory), write)
}

// look has log messages counted as well, in the time that is left; counted is
// what went wrong with that.
func (c collection) look(ctx context.Context) (s *aipass.Snapshot, counted, err error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	s = c.snapshot(limited)
	counted = c.logs.add(limited, s)
	return s, counted, interrupted(ctx)
}

// snapshot reads again only what has changed since the last run. What cannot be
// recalled or saved costs time and nothing else.
func (c collection) snapshot(ctx context.Context) *aipass.Snapshot {
	if c.state == "" {
		return c.tree.Snapshot(ctx)
	}
	path := filepath.Join(c.state, recollectionFile)
	saved, _ := os.ReadFile(path)
	s := c.tree.Recalling(saved, statefile.Build()).Snapshot(ctx)
	if s.Recollection != nil && s.Recollection.Changed() {
		_ = statefile.Write(path, s.Recollection.Save)
	}
	s.Recollection = nil // which takes memory
	return s
}

// takeSnapshot looks at the host for no longer than timeout. A look that
// somebody interrupts is worth nothing: half a host is not the host.
func takeSnapshot(ctx context.Context, tree aipass.Tree, timeout time.Duration) (*aipass.Snapshot, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return tree.Snapshot(limited), interrupted(ctx)
}

func interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("interrupted, nothing written: %w", err)
	}
	return nil
}

// incomplete is what keeps a run from being a success, although it was
// written. A registry that cannot be used has been logged as a fault.
func incomplete(s *aipass.Snapshot) error {
	if s.Incomplete != nil {
		return s.Incomplete
	}
	if !s.Registry.OK() {
		return cli.ErrSaid
	}
	if s.LogCounts != nil {
		return s.LogCounts.Incomplete
	}
	return nil
}
