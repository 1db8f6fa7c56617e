package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// hostFlags say which host to look at and how. Every command that looks has them.
type hostFlags struct {
	sys                   system
	home, timezone        *string
	pathMap               *[]string
	timeout               *time.Duration
	staleNew, staleOpened *time.Duration
}

func addHostFlags(cmd *kingpin.CmdClause, sys system, timeout string) *hostFlags {
	f := &hostFlags{sys: sys}
	f.home = cmd.Flag("aipass.home", "The directory that holds the registry. Without it, looked for as AIPass does: upwards from here, then in the home directory.").
		PlaceHolder("DIR").Envar("AIPASS_HOME").String()
	f.pathMap = cmd.Flag("aipass.path-map", "Where paths of the registry stand on this machine. Repeatable.").
		PlaceHolder("FROM=TO").Strings()
	f.timezone = cmd.Flag("aipass.timezone", "Zone of AIPass's timestamps, such as Europe/Berlin; Local is this machine's.").
		Default("Local").String()
	f.timeout = cmd.Flag("timeout", "Longest time for one look; what is not reached by then is reported as unreadable.").
		Default(timeout).Duration()
	f.staleNew = cmd.Flag("mail.stale-new", "Age from which on new mail counts as stale.").Default("48h").Duration()
	f.staleOpened = cmd.Flag("mail.stale-opened", "Age from which on opened mail counts as stale.").Default("24h").Duration()
	return f
}

// tree finds the host. What is wrong here is wrong with the command line.
func (f *hostFlags) tree() (aipass.Tree, error) {
	tree, err := f.open()
	return tree, usage(err)
}

func (f *hostFlags) open() (aipass.Tree, error) {
	if *f.timeout <= 0 || *f.staleNew < 0 || *f.staleOpened < 0 {
		return aipass.Tree{}, errors.New("--timeout must be above 0 and --mail.stale-* not below, try --help")
	}
	options, err := f.options()
	if err != nil {
		return aipass.Tree{}, err
	}
	home, err := f.root()
	if err != nil {
		return aipass.Tree{}, err
	}
	return aipass.Open(home, options)
}

func (f *hostFlags) options() (aipass.Options, error) {
	var options aipass.Options
	for _, s := range *f.pathMap {
		m, err := aipass.ParsePathMapping(s)
		if err != nil {
			return options, fmt.Errorf("--aipass.path-map: %w", err)
		}
		options.PathMap = append(options.PathMap, m)
	}
	if *f.timezone == "" {
		return options, errors.New("--aipass.timezone is empty: name a zone, or Local")
	}
	location, err := time.LoadLocation(*f.timezone)
	if err != nil {
		return options, fmt.Errorf("--aipass.timezone: %w", err)
	}
	options.Location = location
	return options, nil
}

func (f *hostFlags) root() (string, error) {
	if *f.home != "" {
		return *f.home, nil
	}
	dir, err := f.sys.workingDir()
	if err != nil {
		return "", fmt.Errorf("look for the AIPass home: %w", err)
	}
	return aipass.FindRoot(f.sys.getenv, dir)
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
		StaleNew: *host.staleNew, StaleOpened: *host.staleOpened, LogFiles: *f.logFiles,
	}) {
		if *f.enabled[c.Name] {
			on = append(on, c)
		}
	}
	return on
}
