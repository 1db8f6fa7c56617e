package doctor

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// cron looks for the process that starts what the crontab says.
func (p *patient) cron(context.Context) Step {
	timers := p.Schedule.timers()
	if _, err := os.Stat(p.Schedule.path("/run/systemd/system")); hasRun(timers) && err == nil {
		return skip("systemd runs, and has %s", list(timers))
	}
	const remedy = "start it: service cron start, or systemctl enable --now cron"
	noted := p.Schedule.notedPIDs()
	for _, pid := range noted {
		if p.Schedule.isCron(pid) {
			return fine("it runs, as process %d", pid)
		}
	}
	pid, err := p.Schedule.namedCron()
	switch {
	case pid > 0:
		return fine("it runs, as process %d", pid)
	case len(noted) > 0:
		return wrong(remedy, "cron has ended: it was process %d", noted[0])
	case err != nil:
		return skip("whether it runs cannot be told here: %v", err)
	}
	return wrong(remedy, "no cron runs: no process is called cron or crond")
}

// notedPIDs are the processes that crons note when they start, one of which may
// be of a cron that is no more.
func (s Schedule) notedPIDs() (pids []int) {
	for _, name := range [...]string{"/run/crond.pid", "/var/run/crond.pid", "/run/cron.pid", "/var/run/cron.pid"} {
		text, _ := os.ReadFile(s.path(name)) // there mostly is one of them
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isCron says whether a process that was noted is still that of a cron: numbers
// are given out again. Where the system hides names, alive is all that is known.
func (s Schedule) isCron(pid int) bool {
	name := s.processName(strconv.Itoa(pid))
	return isAlive(pid) && (name == "" || isCronName(name))
}

// namedCron is a process with the name of a cron, 0 if there is none.
func (s Schedule) namedCron() (int, error) {
	processes, err := os.ReadDir(s.path("/proc"))
	if err != nil || len(processes) == 0 {
		return 0, errors.New("there is no /proc, and no /run/crond.pid")
	}
	for _, process := range processes {
		if isCronName(s.processName(process.Name())) {
			return strconv.Atoi(process.Name())
		}
	}
	return 0, nil
}

// processName is "" if it is no process, or its name is hidden.
func (s Schedule) processName(pid string) string {
	name, _ := os.ReadFile(s.path("/proc/" + pid + "/comm"))
	return strings.TrimSpace(string(name))
}

func isCronName(name string) bool { return name == "cron" || name == "crond" }

// isAlive: of another user's process it is said that it may not be signalled.
func isAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
