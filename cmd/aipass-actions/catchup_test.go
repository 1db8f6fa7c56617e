package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	var out, errs clitest.Buffer
	sys := cli.System{Getenv: func(string) string { return "" }, WorkingDir: os.Getwd, Clock: s.clock}
	args = append(args, "--aipass.home="+s.home, "--state.dir="+s.state)
	if got := program().Run(context.Background(), args, sys, &out, &errs); got != code {
		s.t.Errorf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, errs.String())
	}
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

func TestCatchUpDoesEachJobOnceHoweverOftenItWasMissed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, step := range []struct {
		now     time.Time
		last    string
		reports string
	}{
		{halfPastNine(19), "cleanup 19 09:30, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(19).Add(29 * time.Minute), "cleanup 19 09:30, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(19).Add(40 * time.Minute), "cleanup 19 10:10, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(26), "cleanup 26 09:30, report 26 09:30", "[2026-02-26 2026-02-19]"},
		{halfPastNine(26), "cleanup 26 09:30, report 26 09:30", "[2026-02-26 2026-02-19]"},
	} {
		s.at(step.now)
		s.run(0, "catch-up")
		if got := s.lastRuns(); got != step.last {
			t.Errorf("%v: %s, want %s", step.now, got, step.last)
		}
		if got := fmt.Sprint(s.reports()); got != step.reports {
			t.Errorf("%v: reports %s, want %s", step.now, got, step.reports)
		}
	}
}

// A start of a host at which nothing is due costs a look at the state: the host
// need not even be there.
func TestCatchUpLooksAtTheHostOnlyIfAJobIsDue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "catch-up")
	if err := os.RemoveAll(s.home); err != nil {
		t.Fatal(err)
	}
	if out, _ := s.run(0, "catch-up"); out != "no job was missed\n" {
		t.Errorf("said %q", out)
	}
	s.at(halfPastNine(20))
	s.run(2, "catch-up")
}

func TestCatchUpsAtOnceDoEachJobOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var starts sync.WaitGroup
	for range 6 {
		starts.Go(func() { s.run(0, "catch-up") })
	}
	starts.Wait()
	if got := fmt.Sprint(s.reports()); got != "[2026-02-19]" {
		t.Errorf("reports %s", got)
	}
	runs, err := os.ReadDir(filepath.Join(s.state, "journal"))
	if err != nil || len(runs) != 1 {
		t.Errorf("%d cleanups changed something, want 1; %v", len(runs), err)
	}
}

// A job that fails is told of, and the others are done.
func TestCatchUpGoesOnAfterAJobThatFailed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put("flow/ai_mail.local/inbox.json", "not JSON")
	long := halfPastNine(1)
	if err := os.Chtimes(filepath.Join(s.home, "flow/ai_mail.local/inbox.json"), long, long); err != nil {
		t.Fatal(err)
	}
	_, errs := s.run(1, "catch-up")
	if !strings.Contains(errs, "branch=FLOW") || len(s.reports()) != 1 {
		t.Errorf("reports %v, said\n%s", s.reports(), errs)
	}
	s.put("dev/ai_mail.local/inbox.json", "not JSON")
	if err := os.Chtimes(filepath.Join(s.home, "dev/ai_mail.local/inbox.json"), long, long); err != nil {
		t.Fatal(err)
	}
	s.at(halfPastNine(20))
	_, errs = s.run(1, "catch-up")
	if !strings.Contains(errs, `msg="job failed" job=report err="mail the report to DEV_CENTRAL: `) || !strings.Contains(errs, "repair the file by hand") {
		t.Errorf("said\n%s", errs)
	}
}

// What a cleanup and a report can be told, a catch-up can be told too.
func TestCatchUpTakesWhatItsJobsTake(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "catch-up", "--stale-new=1000h", "--to=@flow", "--mail.stale-new=1h")
	if got := s.lastRuns(); len(s.reports()) != 0 || got != "cleanup 19 09:30, report 19 09:30" {
		t.Errorf("reports %v, %s", s.reports(), got)
	}
	if _, err := os.Stat(filepath.Join(s.state, "journal")); !os.IsNotExist(err) {
		t.Errorf("mail that is not stale was opened: %v", err)
	}
}
