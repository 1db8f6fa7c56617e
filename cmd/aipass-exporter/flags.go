package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"
	"github.com/prometheus/common/version"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

const help = `Metrics of an AIPass host: memory, mail, logs, dashboards and agents of every branch.

It reads the host and writes nothing below it. See the README for a start, docs/metrics.md for what each metric means.`

// A command is what the command line asked for, ready to run.
type command func(context.Context) error

// parse makes a command of the command line.
func parse(args []string, sys system, stdout, stderr io.Writer) (command, error) {
	app := kingpin.New("aipass-exporter", help)
	app.HelpFlag.Short('h')
	app.Version(version.Print("aipass-exporter"))
	app.UsageWriter(stdout)
	app.ErrorWriter(stderr)
	answered := false // by --help or --version
	app.Terminate(func(int) { answered = true })

	logging := &promslog.Config{Writer: stderr}
	host := newHostFlags(app, sys)
	commands := map[string]func(*slog.Logger) command{}
	for _, add := range []func(*kingpin.Application, *hostFlags, io.Writer) (string, func(*slog.Logger) command){
		addCollect, addServe, addCheck, addLint,
	} {
		name, run := add(app, host, stdout)
		commands[name] = run
	}
	promslogflag.AddFlags(app, logging)

	name, err := app.Parse(args)
	switch {
	case answered:
		return func(context.Context) error { return nil }, nil
	case err != nil:
		return nil, exitError{2, fmt.Errorf("%w, try --help", err)}
	}
	return commands[name](promslog.New(logging)), nil
}

// hostFlags are what every command that looks at a host shares.
type hostFlags struct {
	home, timezone        *string
	pathMap               *[]string
	timeout               *time.Duration
	staleNew, staleOpened *time.Duration
	logFiles              *bool
	enabled               map[string]*bool // collectors, by name
	sys                   system
}

func newHostFlags(app *kingpin.Application, sys system) *hostFlags {
	f := &hostFlags{sys: sys, enabled: map[string]*bool{}}
	f.home = app.Flag("aipass.home", "The directory that holds the registry. Without it, looked for as AIPass does: upwards from here, then in the home directory.").
		PlaceHolder("DIR").Envar("AIPASS_HOME").String()
	f.pathMap = app.Flag("aipass.path-map", "Where paths of the registry stand on this machine. Repeatable.").
		PlaceHolder("FROM=TO").Strings()
	f.timezone = app.Flag("aipass.timezone", "Zone of AIPass's timestamps, such as Europe/Berlin; Local is this machine's.").
		Default("Local").String()
	f.timeout = app.Flag("timeout", "Longest time for one look; what is not reached by then is reported as unreadable.").
		Default("1m").Duration()
	f.staleNew = app.Flag("mail.stale-new", "Age from which on new mail counts as stale.").Default("48h").Duration()
	f.staleOpened = app.Flag("mail.stale-opened", "Age from which on opened mail counts as stale.").Default("24h").Duration()
	for _, c := range collectors.All(collectors.Options{}) {
		f.enabled[c.Name] = app.Flag("collector."+c.Name, c.Help).Default("true").Bool()
	}
	f.logFiles = app.Flag("collector.logs.files", "A series for every log file, besides the sums by branch.").Default("true").Bool()
	return f
}

// collectors lists those that are switched on.
func (f *hostFlags) collectors() []collectors.Collector {
	var on []collectors.Collector
	for _, c := range collectors.All(collectors.Options{
		StaleNew: *f.staleNew, StaleOpened: *f.staleOpened, LogFiles: *f.logFiles,
	}) {
		if *f.enabled[c.Name] {
			on = append(on, c)
		}
	}
	return on
}

// tree finds the host.
func (f *hostFlags) tree() (aipass.Tree, error) {
	var options aipass.Options
	for _, s := range *f.pathMap {
		m, err := aipass.ParsePathMapping(s)
		if err != nil {
			return aipass.Tree{}, fmt.Errorf("--aipass.path-map: %w", err)
		}
		options.PathMap = append(options.PathMap, m)
	}
	location, err := time.LoadLocation(*f.timezone)
	if err != nil {
		return aipass.Tree{}, fmt.Errorf("--aipass.timezone: %w", err)
	}
	options.Location = location
	home := *f.home
	if home == "" {
		dir, err := f.sys.workingDir()
		if err != nil {
			return aipass.Tree{}, err
		}
		if home, err = aipass.FindRoot(f.sys.getenv, dir); err != nil {
			return aipass.Tree{}, err
		}
	}
	return aipass.Open(home, options)
}
