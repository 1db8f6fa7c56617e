package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/logscan"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// logFlags say how log messages are counted.
type logFlags struct{ from *string }

func addLogFlags(cmd *kingpin.CmdClause) logFlags {
	return logFlags{cmd.Flag("logs.from", "Where the first count of log messages begins: at the start of the logs, or at their end as they are now.").
		Default("start").Enum("start", "end")}
}

// A logCounter adds counts of log messages to looks. The zero value adds none.
type logCounter struct {
	counter *logscan.Counter
	logger  *slog.Logger
}

// counter keeps its state in dir, or in memory if that is "". It counts nothing
// if nobody has chosen to see it.
func (f logFlags) counter(tree aipass.Tree, host *hostFlags, chosen []collectors.Collector, dir string, logger *slog.Logger) (logCounter, error) {
	if !slices.ContainsFunc(chosen, func(c collectors.Collector) bool { return c.Name == collectors.LogMessages }) {
		return logCounter{}, nil
	}
	location, err := host.Location()
	if err != nil {
		return logCounter{}, err
	}
	return logCounter{logger: logger, counter: logscan.NewCounter(tree.Root(), logscan.Options{
		Dir: dir, FromEnd: *f.from == "end", Location: location,
	})}, nil
}

// add counts. Counts that cannot be had cost no other metrics; they are told
// apart, and the run is no success.
func (l logCounter) add(ctx context.Context, s *aipass.Snapshot) error {
	if l.counter == nil {
		return nil
	}
	var err error
	s.LogCounts, err = l.counter.Count(ctx, s)
	_, aside := errors.AsType[*statefile.SetAsideError](err)
	switch {
	case err == nil:
		return nil
	case aside:
		l.logger.Warn("counts of log messages are not usable, counting from zero", "err", err)
		return nil
	case errors.Is(err, logscan.ErrBusy):
		l.logger.Info("log messages are being counted by another run, which has saved these counts")
		return nil
	}
	l.logger.Error("log messages not counted", "err", err)
	return cli.ErrSaid
}
