package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/crontab"
)

// A givenFlag is one of the command line.
type givenFlag struct {
	name, value string
	isSwitch    bool // its value is whether it is on
}

// givenFlags are those that somebody has given, and not the defaults: what is
// not said today shall be what later versions make of it.
func givenFlags(parsed *kingpin.ParseContext) []givenFlag {
	var given []givenFlag
	for _, e := range parsed.Elements {
		if flag, is := e.Clause.(*kingpin.FlagClause); is && e.Value != nil {
			given = append(given, givenFlag{flag.Model().Name, *e.Value, flag.Model().IsBoolFlag()})
		}
	}
	return given
}

// cronLines are the lines of a block, made of paths that are absolute: cron
// starts jobs elsewhere, and without an environment to speak of.
type cronLines struct {
	program, home, state, textfile, log, mailTo string
	given                                       []givenFlag
	app                                         *kingpin.Application
}

func (c cronLines) lines() ([]string, error) {
	lines := []string{
		"# Written by aipass-actions cron install. What is set here holds for all lines below.",
		"# Runs never overlap: each takes " + filepath.Join(c.state, lockFile) + ".",
		"SHELL=/bin/sh",
		"MAILTO=" + c.mailTo,
		"PATH=/usr/local/bin:/usr/bin:/bin",
	}
	for _, job := range []struct{ when, command, how string }{
		{"0 * * * *", runJob, ""},
		{fmt.Sprintf("0 %d * * *", reportHour), reportJob, c.howReport()},
		{"@reboot", "catch-up", ""},
	} {
		command, err := c.command(job.command, job.how)
		if err != nil {
			return nil, err
		}
		line, err := crontab.Line(job.when, command)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// howReport has the report mailed and, whoever gets it, counted as the job.
func (c cronLines) howReport() string {
	const mail = " --output=mail"
	if slices.ContainsFunc(c.given, func(g givenFlag) bool { return g.name == "to" }) {
		return mail + " --as-job"
	}
	return mail
}

// command logs all that a job says, and says to cron, which mails it, only that
// the job failed.
func (c cronLines) command(name, how string) (string, error) {
	args, err := c.args(name)
	if err != nil {
		return "", err
	}
	words, err := quoted(filepath.Dir(c.log), c.program, c.log)
	if err != nil {
		return "", err
	}
	dir, program, log := words[0], words[1], words[2]
	return fmt.Sprintf(`mkdir -p -m 700 %s && %s %s%s %s >>%s 2>&1 || echo "aipass-actions %s: exit code $?, see" %s`,
		dir, program, name, how, strings.Join(args, " "), log, name, log), nil
}

// args are those that a command takes of what was given, and where things are.
func (c cronLines) args(command string) ([]string, error) {
	args := []string{"--aipass.home=" + c.home, "--state.dir=" + c.state}
	if c.textfile != "" {
		dir, err := filepath.Abs(c.textfile)
		if err != nil {
			return nil, err
		}
		args = append(args, "--textfile.directory="+dir)
	}
	for _, flag := range c.given {
		switch {
		case isPlace(flag.name) || c.app.GetFlag(flag.name) == nil && c.app.GetCommand(command).GetFlag(flag.name) == nil:
			continue
		case flag.name == "aipass.path-map":
			m, err := aipass.ParsePathMapping(flag.value)
			if err != nil {
				return nil, err
			}
			flag.value = m.From + "=" + m.To
		case flag.name == "rules" || flag.name == "alertmanager.config":
			path, err := filepath.Abs(flag.value)
			if err != nil {
				return nil, err
			}
			flag.value = path
		}
		args = append(args, flag.String())
	}
	return quoted(args...)
}

func (f givenFlag) String() string {
	switch {
	case !f.isSwitch:
		return "--" + f.name + "=" + f.value
	case f.value == "false":
		return "--no-" + f.name
	}
	return "--" + f.name
}

// isPlace says whether a flag is said anyway.
func isPlace(name string) bool {
	return name == "aipass.home" || name == "state.dir" || name == "textfile.directory"
}

func quoted(words ...string) (quotes []string, err error) {
	for _, word := range words {
		quote, err := crontab.Quote(word)
		if err != nil {
			return nil, err
		}
		quotes = append(quotes, quote)
	}
	return quotes, nil
}
