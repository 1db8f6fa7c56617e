package look

import (
	"errors"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// HostFlags say which host to look at, how, and what counts as stale there.
type HostFlags struct {
	*cli.HostFlags
	*AgeFlags
}

// AddHostFlags adds them to a command.
func AddHostFlags(cmd *kingpin.CmdClause, sys cli.System, timeout string) *HostFlags {
	return &HostFlags{cli.AddHostFlags(cmd, sys, timeout), AddAgeFlags(cmd)}
}

// AgeFlags say what counts as stale.
type AgeFlags struct{ StaleNew, StaleOpened time.Duration }

// AddAgeFlags adds them to a command.
func AddAgeFlags(cmd *kingpin.CmdClause) *AgeFlags {
	f := new(AgeFlags)
	cmd.Flag("mail.stale-new", "Age from which on new mail counts as stale.").Default("48h").DurationVar(&f.StaleNew)
	cmd.Flag("mail.stale-opened", "Age from which on opened mail counts as stale.").Default("24h").DurationVar(&f.StaleOpened)
	return f
}

// Tree finds the host, if the times are such that a look makes sense.
func (f *HostFlags) Tree() (aipass.Tree, error) {
	if f.Timeout <= 0 || f.StaleNew < 0 || f.StaleOpened < 0 {
		return aipass.Tree{}, cli.Usage(errors.New("--timeout must be above 0 and --mail.stale-* not below, try --help"))
	}
	return f.HostFlags.Tree()
}

// CollectorFlags switch collectors on and off.
type CollectorFlags struct {
	enabled  map[string]*bool // by name
	logFiles *bool
}

// AddCollectorFlags adds them to a command.
func AddCollectorFlags(cmd *kingpin.CmdClause) *CollectorFlags {
	f := &CollectorFlags{enabled: map[string]*bool{}}
	for _, c := range collectors.All(collectors.Options{}) {
		f.enabled[c.Name] = cmd.Flag("collector."+c.Name, c.Help).Default("true").Bool()
	}
	f.logFiles = cmd.Flag("collector.logs.files", "A series for every log file, besides the sums by branch.").Default("true").Bool()
	return f
}

// Chosen lists the collectors that are switched on.
func (f *CollectorFlags) Chosen(ages *AgeFlags) []collectors.Collector {
	var on []collectors.Collector
	for _, c := range collectors.All(collectors.Options{
		StaleNew: ages.StaleNew, StaleOpened: ages.StaleOpened, LogFiles: *f.logFiles,
	}) {
		if *f.enabled[c.Name] {
			on = append(on, c)
		}
	}
	return on
}
