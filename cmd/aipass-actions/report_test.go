package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A report that its reader has closed is no reason for another.
func TestAReportThatWasClosedIsNotMailedAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "report", "--output=mail")
	s.put("dev/ai_mail.local/inbox.json", `{"messages": []}`)
	if out, _ := s.run(0, "report", "--output=mail"); !strings.Contains(out, "not mailed") || len(s.reports()) != 0 {
		t.Errorf("said %s, reports %v", out, s.reports())
	}
	s.at(halfPastNine(20))
	s.run(0, "report", "--output=mail")
	if got := s.reports(); len(got) != 1 {
		t.Errorf("the next day: reports %v", got)
	}
}

func TestAReportSaysWhatHasChangedSinceTheLast(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "report", "--output=mail")
	s.at(halfPastNine(22))
	out, _ := s.run(0, "report")
	if want := "## Changes since the report of 2026-02-19\n- Unread: 2, was 1\n- Messages: 2, was 1\n\n"; !strings.Contains(out, want) {
		t.Errorf("no %q in\n%s", want, out)
	}
}

// The 24 hours of a day that is over end with it, those of today with the
// report.
func TestAReportOfAnotherDayCountsThatDaysMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put("flow/ai_mail.local/inbox.json", `{"messages": [
  {"status": "new", "timestamp": "2026-02-17 23:59:59"},
  {"status": "new", "timestamp": "2026-02-18 00:00:00"},
  {"status": "new", "timestamp": "2026-02-18 12:00:00"},
  {"status": "new", "timestamp": "2026-02-18 23:59:59"},
  {"status": "new", "timestamp": "2026-02-19 00:00:00"}
]}`)
	for date, want := range map[string]string{
		"": "received 3", "2026-02-19": "received 3", "2026-02-18": "received 3", "2026-02-17": "received 1", "2026-02-01": "received 0",
	} {
		args := []string{"report"}
		if date != "" {
			args = append(args, "--date="+date)
		}
		out, _ := s.run(0, args...)
		if !strings.Contains(out, "- In 24 hours: "+want+", sent 0\n") {
			t.Errorf("%s: no %q in\n%s", date, want, out)
		}
	}
}

// The report waits for the cleanup that begins at the same minute, but not for
// ever.
func TestAReportWaitsForAnotherRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "cleanup")
	lock, err := os.OpenFile(filepath.Join(s.state, lockFile), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	hold(t, lock)
	if _, errs := s.run(2, "report", "--output=mail", "--wait=1ms"); !strings.Contains(errs, "another run is at work") {
		t.Errorf("said %s", errs)
	}
	done := make(chan string)
	go func() {
		out, _ := s.run(0, "report", "--output=mail")
		done <- out
	}()
	lock.Close()
	if out := <-done; !strings.Contains(out, "mailed to DEV_CENTRAL") {
		t.Errorf("said %s", out)
	}
}
