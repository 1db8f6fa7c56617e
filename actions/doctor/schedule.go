package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/crontab"
)

// A Schedule is what starts the jobs.
type Schedule struct {
	// Crontab reads the table, Block is the name of the block in it.
	Crontab func(context.Context) (string, error)
	Block   string
	// Machine is the root of the file system: cron and systemd leave traces there.
	Machine string
}

func (s Schedule) path(name string) string { return filepath.Join(s.Machine, name) }

// schedule looks for what starts the runs: the block in the crontab, timers, or an
// entry of the machine's.
func (p *patient) schedule(ctx context.Context) Step {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	remedy := p.command("cron install") + ", or the timers in deploy/systemd"
	text, err := p.Schedule.Crontab(ctx)
	block := ""
	if err == nil {
		block, err = crontab.Get(text, p.Schedule.Block)
	}
	var faults []string
	for _, s := range p.starters(block) {
		if s.fault == "" {
			p.isScheduled = true
			return fine("%s", s.what)
		}
		faults = append(faults, s.what+", "+s.fault)
	}
	switch {
	case errors.Is(err, crontab.ErrCut):
		return wrong("crontab -e: take out what is left of the block, then "+p.command("cron install"), "%v", err)
	case len(faults) > 0:
		return wrong(remedy, "nothing starts aipass-actions run: %s", strings.Join(faults, "; "))
	case err != nil:
		return wrong(remedy, "%v", err)
	}
	return wrong(remedy, "nothing starts the jobs: no block %q in the crontab, and no timer", p.Schedule.Block)
}

// A starter is what seems to start the runs, and why it does not.
type starter struct{ what, fault string }

func (p *patient) starters(block string) (all []starter) {
	if block != "" {
		all = append(all, starter{fmt.Sprintf("the crontab has the block %q", p.Schedule.Block), p.faultOf(table{text: block}.calls())})
	}
	if timers := p.Schedule.timers(); len(timers) > 0 {
		s := starter{what: "systemd has " + list(timers)}
		if !hasRun(timers) {
			s.fault = "and not " + runTimer
		}
		all = append(all, s)
	}
	files, _ := filepath.Glob(p.Schedule.path("/etc/cron.d/*")) // the pattern is a good one
	for _, name := range append(files, p.Schedule.path("/etc/crontab")) {
		text, _ := os.ReadFile(name) // what cannot be read says nothing
		if calls := (table{text: string(text), shared: true}).calls(); len(calls) > 0 {
			all = append(all, starter{name + " starts the jobs", p.faultOf(calls)})
		}
	}
	return all
}

// runTimer is the unit in deploy/systemd that starts the runs.
const runTimer = "aipass-actions-run.timer"

func hasRun(timers []string) bool { return slices.Contains(timers, runTimer) }

// timers are ours that systemd starts with the machine. A link to a unit that is
// gone is none.
func (s Schedule) timers() (names []string) {
	found, _ := filepath.Glob(s.path("/etc/systemd/system/timers.target.wants/aipass-actions-*.timer")) // the pattern is a good one
	for _, name := range found {
		if _, err := os.Stat(name); err == nil {
			names = append(names, filepath.Base(name))
		}
	}
	return names
}

// faultOf says why calls do not start the runs of this host, "" if they do.
func (p *patient) faultOf(calls []call) string {
	runs := false
	for _, c := range calls {
		if c.home != "" && !isForShell(c.home) && !sameFile(c.home, p.Tree.Root()) {
			return "which is about " + c.home
		}
		if err := p.Schedule.startable(c); err != nil {
			return "whose program cannot be started: " + err.Error()
		}
		runs = runs || c.job == runJob && !c.atBoot
	}
	if !runs {
		return "which starts no run"
	}
	return ""
}

// startable looks for the program as cron would.
func (s Schedule) startable(c call) error {
	switch {
	case isForShell(c.program) || isForShell(c.path):
		return nil
	case filepath.IsAbs(c.program):
		return mayStart(s.path(c.program))
	case strings.Contains(c.program, "/"): // from where, nobody knows
		return nil
	}
	dirs := cmp.Or(c.path, "/usr/bin:/bin")
	for _, dir := range filepath.SplitList(dirs) {
		if mayStart(s.path(filepath.Join(dir, c.program))) == nil {
			return nil
		}
	}
	return fmt.Errorf("there is no %s in PATH=%s", c.program, dirs)
}

// isForShell says whether only a shell can tell what is meant.
func isForShell(word string) bool { return strings.ContainsAny(word, "$`~*") }

func mayStart(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", path)
	}
	return mayUse(path, searchable) // which is the same bit for files
}
