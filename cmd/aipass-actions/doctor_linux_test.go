package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

// A host without a daemon but Debian's own cron: first all is well, then the cron
// ends, then the block goes.
func TestDoctorSeesDebiansCron(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can start cron, for it becomes the users whose jobs it runs")
	}
	if !crontabtest.Alone(t) {
		return
	}
	s, textfiles := newWell(t)
	s.run(0, "cron", "install", "--textfile.directory="+textfiles)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	setTable(t, strings.ReplaceAll(table(t), program, "/bin/true")) // cron is to run, and not the jobs
	stop := startCron(t)
	await(t, "/run/crond.pid", "\n")
	s.run(0, "doctor", "--textfile.directory="+textfiles)
	steps := s.examine()
	finds(t, steps, "schedule", doctor.OK, "the crontab has the block")
	finds(t, steps, "cron", doctor.OK, "it runs, as process")

	stop()
	// The machine may have a cron of its own, which is not what starts these jobs.
	must(t, syscall.Mount("tmpfs", "/proc", "tmpfs", 0, ""))
	finds(t, s.examine(), "cron", doctor.Fault, "start it")
	s.run(0, "cron", "remove")
	finds(t, s.examine(), "schedule", doctor.Fault, "nothing starts the jobs", "aipass-actions cron install")
	setTable(t, "# BEGIN aipass-actions, state in "+s.state+"\n")
	finds(t, s.examine(), "schedule", doctor.Fault, "lost one of its marks", "crontab -e")
}
