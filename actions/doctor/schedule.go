package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

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

// schedule looks for the block in the crontab, for an entry of the machine's, and
// for timers.
func (p *patient) schedule(ctx context.Context) Step {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	const remedy = "aipass-actions cron install, or the timers in deploy/systemd"
	table, err := p.Schedule.Crontab(ctx)
	block := ""
	if err == nil {
		block, err = crontab.Get(table, p.Schedule.Block)
	}
	if block != "" {
		return fine("the crontab has the block %q", p.Schedule.Block)
	}
	if timers := p.Schedule.timers(); len(timers) > 0 {
		return fine("systemd has %s", list(timers))
	}
	if entry := p.Schedule.entry(); entry != "" {
		return fine("%s starts the jobs", entry)
	}
	switch {
	case errors.Is(err, crontab.ErrCut):
		return wrong("crontab -e: take out what is left of the block, then aipass-actions cron install", "%v", err)
	case err != nil:
		return wrong(remedy, "%v", err)
	}
	return wrong(remedy, "nothing starts the jobs: no block %q in the crontab, and no timer", p.Schedule.Block)
}

// timers are ours that systemd starts with the machine.
func (s Schedule) timers() []string {
	found, _ := filepath.Glob(s.path("/etc/systemd/system/timers.target.wants/aipass-actions-*.timer")) // the pattern is a good one
	for i, name := range found {
		found[i] = filepath.Base(name)
	}
	return found
}

// entry is a file of the machine's cron that starts this program.
func (s Schedule) entry() string {
	files, _ := filepath.Glob(s.path("/etc/cron.d/*")) // the pattern is a good one
	for _, name := range append(files, s.path("/etc/crontab")) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Contains(line, "aipass-actions ") {
				return name
			}
		}
	}
	return ""
}

// cron looks for the process that starts what the crontab says.
func (p *patient) cron(context.Context) Step {
	timers := p.Schedule.timers()
	if _, err := os.Stat(p.Schedule.path("/run/systemd/system")); len(timers) > 0 && err == nil {
		return skip("systemd runs, and has %s", list(timers))
	}
	const remedy = "start it: service cron start, or systemctl enable --now cron"
	pid, err := p.Schedule.cronPID()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wrong(remedy, "no cron runs")
	case err != nil:
		return skip("whether it runs cannot be told here: %v", err)
	case !isAlive(pid):
		return wrong(remedy, "cron has ended: it was process %d", pid)
	}
	return fine("it runs, as process %d", pid)
}

// cronPID is the process of cron, by the file that it keeps for that, else by its
// name.
func (s Schedule) cronPID() (int, error) {
	for _, name := range [...]string{"/run/crond.pid", "/var/run/crond.pid", "/run/cron.pid", "/var/run/cron.pid"} {
		if text, err := os.ReadFile(s.path(name)); err == nil {
			return strconv.Atoi(strings.TrimSpace(string(text)))
		}
	}
	processes, err := os.ReadDir(s.path("/proc"))
	if err != nil || len(processes) == 0 {
		return 0, errors.New("there is no /proc, and no /run/crond.pid")
	}
	for _, process := range processes {
		name, _ := os.ReadFile(s.path("/proc/" + process.Name() + "/comm")) // none if it is no process, or has ended
		switch strings.TrimSpace(string(name)) {
		case "cron", "crond":
			return strconv.Atoi(process.Name())
		}
	}
	return 0, fmt.Errorf("no process is called cron or crond: %w", fs.ErrNotExist)
}

// isAlive: of another user's process it is said that it may not be signalled.
func isAlive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
