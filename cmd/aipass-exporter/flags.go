package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"
	"github.com/prometheus/common/version"
)

const help = `Metrics of an AIPass host: memory, mail, logs, dashboards and agents of every branch.

It reads the host and writes nothing below it. See the README for a start, docs/metrics.md for what each metric means.`

// A command is what the command line asked for, ready to run.
type command func(context.Context) error

// A room is what commands share when they add themselves to the command line.
type room struct {
	app    *kingpin.Application
	sys    system
	stdout io.Writer
	// commands make a command ready once the flags are known, by its name.
	commands map[string]func(*slog.Logger) command
}

// parse makes a command of the command line.
func parse(args []string, sys system, stdout, stderr io.Writer) (command, error) {
	app := kingpin.New("aipass-exporter", help)
	app.HelpFlag.Short('h')
	app.Version(version.Print("aipass-exporter"))
	app.UsageWriter(stdout)
	app.ErrorWriter(stderr)
	answered := false // by --help or --version
	app.Terminate(func(int) { answered = true })

	r := room{app, sys, stdout, map[string]func(*slog.Logger) command{}}
	addCollect(r)
	addServe(r)
	addCheck(r)
	addLint(r)
	logging := &promslog.Config{Writer: stderr}
	promslogflag.AddFlags(app, logging)

	name, err := app.Parse(args)
	switch {
	case len(args) == 0:
		return nil, usage(errors.New("which command?"))
	case answered:
		return func(context.Context) error { return nil }, nil
	case err != nil:
		return nil, usage(fmt.Errorf("%w, try --help", err))
	}
	return r.commands[name](promslog.New(logging)), nil
}
