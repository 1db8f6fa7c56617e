package main

import (
	"errors"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
)

// jobFlags are those that run and report have in common.
type jobFlags struct {
	*look.AgeFlags
	wait time.Duration
}

func addJobFlags(cmd *kingpin.CmdClause) *jobFlags {
	f := &jobFlags{AgeFlags: look.AddAgeFlags(cmd)}
	cmd.Flag("wait", "Longest wait for another run to end.").Default("5m").DurationVar(&f.wait)
	return f
}

func (f *jobFlags) check() error {
	if f.StaleNew <= 0 || f.StaleOpened <= 0 || f.wait < 0 {
		return cli.Usage(errors.New("--mail.stale-new and --mail.stale-opened must be above 0, --wait not below, try --help"))
	}
	return nil
}
