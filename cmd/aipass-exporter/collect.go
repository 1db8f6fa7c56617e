package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// memoryLimit, in bytes, is what the garbage collector works harder for to stay
// below. With the program's own text it makes a run of 40 MB.
const memoryLimit = 24 << 20

// gcPercentOfRun: below that limit, time is dearer than memory.
const gcPercentOfRun = 200

type collectFlags struct {
	directory, output, state *string
	interval                 *time.Duration
}

func addCollect(r cli.Room, newLogger func() *slog.Logger) {
	cmd := r.App.Command("collect", "Look at the host once and write the metrics as a textfile. For cron.")
	host := look.AddHostFlags(cmd, r.Sys, "1m")
	f := collectFlags{
		directory: cmd.Flag("textfile.directory", "Write "+look.MetricsFile+" here, where node_exporter's --collector.textfile.directory points.").
			PlaceHolder("DIR").ExistingDir(),
		output:   cmd.Flag("output", "Write to this file instead; - is the standard output.").Default("-").PlaceHolder("FILE").String(),
		state:    cmd.Flag("state.dir", "Remember here what has been logged, how far logs have been read and what the files held, so that a lasting fault is logged once, log messages are counted, and what has not changed is not read again; and let no two runs overlap.").PlaceHolder("DIR").String(),
		interval: cmd.Flag("interval", "Time to the next run, for alerts on runs that did not come; 0 if there is none.").Default("1h").Duration(),
	}
	enabled, logs := look.AddCollectorFlags(cmd), look.AddLogFlags(cmd)
	r.Add(cmd, func(ctx context.Context) error {
		tree, err := host.Tree()
		if err != nil {
			return err
		}
		path, err := f.path(tree)
		if err != nil {
			return cli.Usage(err)
		}
		c := look.Collection{
			Tree: tree, Timeout: host.Timeout, Interval: *f.interval, Collectors: enabled.Chosen(host.AgeFlags),
			Faults: new(look.FaultLog), Logger: newLogger(),
		}
		run := func() error { return collect(ctx, c, path, r.Stdout) }
		debug.SetMemoryLimit(memoryLimit)
		debug.SetGCPercent(gcPercentOfRun)
		if *f.state == "" { // and nothing to count from
			return run()
		}
		c.State = *f.state
		if c.Logs, err = logs.Counter(tree, host.HostFlags, c.Collectors, *f.state, c.Logger); err != nil {
			return err
		}
		return look.Remember(*f.state, c.Faults, c.Logger, run)
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
		path = filepath.Join(*f.directory, look.MetricsFile)
	case *f.output != "-":
		path = *f.output
	}
	for _, written := range [...]string{path, *f.state} {
		if err := look.Outside(tree, written); err != nil {
			return "", err
		}
	}
	return path, nil
}

// collect is one run; to is the file, "" for the standard output.
func collect(ctx context.Context, c look.Collection, to string, stdout io.Writer) error {
	taken, err := c.Take(ctx)
	if err != nil {
		return err
	}
	branches := len(taken.Snapshot.Branches)
	if to == "" {
		err = taken.WriteOnce(stdout)
	} else {
		err = taken.Publish(to)
	}
	if err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	c.Logger.Info("host collected", "home", c.Tree.Root(), "branches", branches,
		"duration", time.Since(taken.Started), "output", to)
	return taken.Whole
}
