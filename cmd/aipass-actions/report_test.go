package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// What somebody had sent elsewhere is not what dev_central waits for.
func TestAReportToSomebodyElseIsNotTheDailyJob(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "run")
	s.run(0, "report", "--output=mail", "--to=@flow")
	if out, _ := s.run(0, "status"); !regexp.MustCompile(`(?m)^report +- +never ran .* since 2026-02-19 08:00:00$`).MatchString(out) {
		t.Errorf("status says\n%s", out)
	}
	s.run(0, "catch-up")
	if got := s.reports(); len(got) != 1 {
		t.Errorf("reports %v", got)
	}
}

// What cron and systemd start is the job, whoever gets it.
func TestAJobMayGoToSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "run")
	s.run(0, "report", "--output=mail", "--to=@flow", "--as-job")
	if out, _ := s.run(0, "catch-up"); out != "no job was missed\n" || len(s.reports()) != 0 {
		t.Errorf("said %s, reports %v", out, s.reports())
	}
}

func TestAReportOfADayThatWasNamedIsNotTheDailyJob(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "run")
	s.run(0, "report", "--output=mail", "--date=2026-02-18", "--as-job")
	if got := s.lastRuns(); !strings.HasSuffix(got, ", report 01 00:00") {
		t.Errorf("got %s", got)
	}
}

// Both of them, in whatever order they were asked for.
func TestAReportOfAnyDateIsMailedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mail := func(date string) string {
		out, _ := s.run(0, "report", "--output=mail", "--date="+date)
		s.put("dev/ai_mail.local/inbox.json", `{"messages": []}`) // it is read and closed
		return out
	}
	for _, date := range []string{"2026-02-19", "2026-02-10", "2026-02-18"} {
		if out := mail(date); !strings.Contains(out, "report of "+date+" mailed") {
			t.Errorf("said %s", out)
		}
	}
	for _, date := range []string{"2026-02-10", "2026-02-18", "2026-02-19"} {
		if out := mail(date); !strings.Contains(out, "report of "+date+" not mailed") {
			t.Errorf("said %s", out)
		}
	}
}

// A report of another day has the mailboxes of today.
func TestFiguresOfADayAreThoseTakenOnIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.run(0, "report", "--output=mail")
	before := s.readState().Reports.Days
	s.at(halfPastNine(20))
	for _, date := range []string{"2026-02-19", "2026-02-18"} {
		s.run(0, "report", "--output=mail", "--force", "--date="+date)
	}
	if diff := cmp.Diff(before, s.readState().Reports.Days); diff != "" || len(before) != 1 {
		t.Errorf("-want +got:\n%s", diff)
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
