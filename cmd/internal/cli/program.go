// Package cli is what the command lines of this project's programs share: how a
// command is found and how it ends, the flags that name a host, and tables for
// people.
//
// It knows none of the commands, and by itself it writes nothing but what it
// says to whoever started the program.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"
	"github.com/prometheus/common/version"
)

// A System is what a command learns of its surroundings.
type System struct {
	Getenv     func(string) string
	WorkingDir func() (string, error)
	Clock      func() time.Time // nil is the machine's
	Stdin      io.Reader
}

// Now is what the clock says.
func (s System) Now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock()
}

// A Command is what the command line asked for, ready to run.
type Command func(context.Context) error

// A Program is a name, a help text and commands.
type Program struct {
	Name, Help string
	// Commands adds them, and the flags that they have in common.
	Commands func(Room)
}

// A Room is what commands share when they add themselves to the command line.
type Room struct {
	App            *kingpin.Application
	Sys            System
	Stdout, Stderr io.Writer
	commands       map[string]Command // by full name
}

// Add says what a command does once its flags are known.
func (r Room) Add(cmd *kingpin.CmdClause, run Command) {
	r.commands[cmd.FullCommand()] = run
}

// AddLogFlags adds --log.level and --log.format for the whole program. The
// logger that they ask for is made when a command runs, for they are not known
// earlier.
func (r Room) AddLogFlags() func() *slog.Logger {
	config := &promslog.Config{Writer: r.Stderr}
	promslogflag.AddFlags(r.App, config)
	return func() *slog.Logger { return promslog.New(config) }
}

// Model is the command line as data, for a page about it.
func (p Program) Model() *kingpin.ApplicationModel {
	none := func(string) string { return "" }
	return p.room(System{Getenv: none}, io.Discard, io.Discard).App.Model()
}

// Parse makes a command of the command line.
func (p Program) Parse(args []string, sys System, stdout, stderr io.Writer) (Command, error) {
	r := p.room(sys, stdout, stderr)
	answered := false // by --help, --version and the like
	r.App.Terminate(func(int) {
		answered = true
		r.App.Writer(io.Discard) // kingpin goes on, and would say more
	})

	name, err := r.App.Parse(args)
	switch {
	case len(args) == 0:
		return nil, Usage(errors.New("which command?"))
	case answered:
		return func(context.Context) error { return nil }, nil
	case err != nil:
		return nil, Usage(fmt.Errorf("%w, try --help", err))
	}
	return r.commands[name], nil
}

// room is the whole command line, before anything is parsed.
func (p Program) room(sys System, stdout, stderr io.Writer) Room {
	app := kingpin.New(p.Name, p.Help)
	app.HelpFlag.Short('h')
	app.Version(version.Print(p.Name))
	app.UsageWriter(stdout)
	app.ErrorWriter(stderr)
	r := Room{App: app, Sys: sys, Stdout: stdout, Stderr: stderr, commands: map[string]Command{}}
	p.Commands(r)
	return r
}

// Run is the whole program: it returns the exit code.
func (p Program) Run(ctx context.Context, args []string, sys System, stdout, stderr io.Writer) int {
	command, err := p.Parse(args, sys, stdout, stderr)
	if err == nil {
		err = command(ctx)
	}
	var exit exitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		exit = exitError{ExitFault, err}
	}
	if exit.err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, exit.err)
	}
	return exit.code
}
