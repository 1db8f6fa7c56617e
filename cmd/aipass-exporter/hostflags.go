package main

import (
	"errors"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// hostFlags say which host to look at, how, and what counts as stale there.
type hostFlags struct {
	*cli.HostFlags
	staleNew, staleOpened time.Duration
}

func addHostFlags(cmd *kingpin.CmdClause, sys cli.System, timeout string) *hostFlags {
	f := &hostFlags{HostFlags: cli.AddHostFlags(cmd, sys, timeout)}
	cmd.Flag("mail.stale-new", "Age from which on new mail counts as stale.").Default("48h").DurationVar(&f.staleNew)
	cmd.Flag("mail.stale-opened", "Age from which on opened mail counts as stale.").Default("24h").DurationVar(&f.staleOpened)
	return f
}

// Tree finds the host, if the times are such that a look makes sense.
func (f *hostFlags) Tree() (aipass.Tree, error) {
	if f.Timeout <= 0 || f.staleNew < 0 || f.staleOpened < 0 {
		return aipass.Tree{}, cli.Usage(errors.New("--timeout must be above 0 and --mail.stale-* not below, try --help"))
	}
	return f.HostFlags.Tree()
}

// collectorFlags switch collectors on and off.
type collectorFlags struct {
	enabled  map[string]*bool // by name
	logFiles *bool
}

func addCollectorFlags(cmd *kingpin.CmdClause) *collectorFlags {
	f := &collectorFlags{enabled: map[string]*bool{}}
	for _, c := range collectors.All(collectors.Options{}) {
		f.enabled[c.Name] = cmd.Flag("collector."+c.Name, c.Help).Default("true").Bool()
	}
	f.logFiles = cmd.Flag("collector.logs.files", "A series for every log file, besides the sums by branch.").Default("true").Bool()
	return f
}

// chosen lists the collectors that are switched on.
func (f *collectorFlags) chosen(host *hostFlags) []collectors.Collector {
	var on []collectors.Collector
	for _, c := range collectors.All(collectors.Options{
		StaleNew: host.staleNew, StaleOpened: host.staleOpened, LogFiles: *f.logFiles,
	}) {
		if *f.enabled[c.Name] {
			on = append(on, c)
		}
	}
	return on
}
