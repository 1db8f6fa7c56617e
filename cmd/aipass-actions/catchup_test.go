package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCatchUpDoesEachJobOnceHoweverOftenItWasMissed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, step := range []struct {
		now     time.Time
		last    string
		reports string
	}{
		{halfPastNine(19), "run 19 09:30, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(19).Add(29 * time.Minute), "run 19 09:30, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(19).Add(40 * time.Minute), "run 19 10:10, report 19 09:30", "[2026-02-19]"},
		{halfPastNine(26), "run 26 09:30, report 26 09:30", "[2026-02-26 2026-02-19]"},
		{halfPastNine(26), "run 26 09:30, report 26 09:30", "[2026-02-26 2026-02-19]"},
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
	said := make([]string, 6)
	var starts sync.WaitGroup
	for i := range said {
		starts.Go(func() { said[i], _ = s.run(0, "catch-up") })
	}
	starts.Wait()
	all := strings.Join(said, "")
	for what, want := range map[string]int{"2 branches, opened 1": 1, "2 branches, ": 1, "report of 2026-02-19 mailed": 1, "report of": 1} {
		if got := strings.Count(all, what); got != want {
			t.Errorf("%d times %q, want %d:\n%s", got, what, want, all)
		}
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

// What a run and a report can be told, a catch-up can be told too.
func TestCatchUpTakesWhatItsJobsTake(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "catch-up", "--stale-new=1000h", "--to=@flow", "--mail.stale-new=1h")
	if got := s.lastRuns(); len(s.reports()) != 0 || got != "run 19 09:30, report 19 09:30" {
		t.Errorf("reports %v, %s", s.reports(), got)
	}
	if _, err := os.Stat(filepath.Join(s.state, "journal")); !os.IsNotExist(err) {
		t.Errorf("mail that is not stale was opened: %v", err)
	}
}
