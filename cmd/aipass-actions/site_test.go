package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// A site is a host, its state, and a clock that stands still until it is moved.
type site struct {
	t           *testing.T
	home, state string
	mu          sync.Mutex
	now         time.Time
}

// halfPastNine is between slots, whatever the zone of this machine.
func halfPastNine(day int) time.Time { return time.Date(2026, 2, day, 9, 30, 0, 0, time.Local) }

const smallSite = `{"branches": [{"name": "DEV_CENTRAL", "path": "dev"}, {"name": "FLOW", "path": "flow"}]}`

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, home: t.TempDir(), state: t.TempDir(), now: halfPastNine(19)}
	s.put("BRANCH_REGISTRY.json", smallSite)
	s.put("dev/ai_mail.local/inbox.json", `{"messages": []}`)
	s.put("flow/ai_mail.local/inbox.json", `{"messages": [{"id": "0f000001", "timestamp": "2026-02-16 08:00:00", "from": "@flow", "subject": "Late", "message": "x", "status": "new"}]}`)
	return s
}

func (s *site) put(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// at moves the clock.
func (s *site) at(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// run runs a command, whose exit code must be that.
func (s *site) run(code int, args ...string) (stdout, stderr string) {
	s.t.Helper()
	var got int
	if stdout, stderr = s.runs(&got, args...); got != code {
		s.t.Errorf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, stderr)
	}
	return stdout, stderr
}

// runs runs a command, whatever its exit code.
func (s *site) runs(code *int, args ...string) (stdout, stderr string) {
	var out, errs clitest.Buffer
	sys := cli.System{Getenv: func(string) string { return "" }, WorkingDir: os.Getwd, Clock: s.clock}
	*code = program().Run(context.Background(), append(args, "--aipass.home="+s.home, "--state.dir="+s.state), sys, &out, &errs)
	return out.String(), errs.String()
}

// reports are the dates of the reports in the mailbox of DEV_CENTRAL, newest
// first.
func (s *site) reports() (dates []string) {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.home, "dev/ai_mail.local/inbox.json"))
	var inbox struct{ Messages []struct{ Subject string } }
	if err == nil {
		err = json.Unmarshal(data, &inbox)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range inbox.Messages {
		if date, is := strings.CutPrefix(m.Subject, "[DAILY] System Report - "); is {
			dates = append(dates, date)
		}
	}
	return dates
}

// lastRuns is when each job last ran, by the state.
func (s *site) lastRuns() string {
	s.t.Helper()
	var state actions.State
	if err := statefile.Peek(filepath.Join(s.state, actions.StateFile), &state); err != nil {
		s.t.Fatal(err)
	}
	var list []string
	for _, j := range jobs() {
		list = append(list, j.Name+state.Actions[j.Name].LastRun.Local().Format(" 02 15:04"))
	}
	return strings.Join(list, ", ")
}

// hold takes the lock of a file for as long as it is open.
func hold(t *testing.T, f *os.File) {
	t.Helper()
	// A program that another test is just starting may have inherited the lock of
	// a run that has ended, until it is itself.
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
}
