package actions

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func dates(days []ReportDay) (list []string) {
	for _, d := range days {
		list = append(list, d.Date[len("2026-02-"):])
	}
	return list
}

func TestFiguresOfAWeekAreKept(t *testing.T) {
	t.Parallel()
	var r Reports
	for day := 10; day <= 19; day++ {
		r.Add(ReportDay{Date: fmt.Sprintf("2026-02-%d", day), Unread: day})
	}
	if diff := cmp.Diff([]string{"12", "13", "14", "15", "16", "17", "18", "19"}, dates(r.Days)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"12", "13"}, dates(r.Before("2026-02-14"))); diff != "" {
		t.Errorf("before the 14th: -want +got:\n%s", diff)
	}
}

func TestADayIsKeptOnce(t *testing.T) {
	t.Parallel()
	var r Reports
	for _, day := range []ReportDay{{Date: "2026-02-19", Unread: 1}, {Date: "2026-02-17"}, {Date: "2026-02-19", Unread: 2}} {
		r.Add(day)
	}
	if diff := cmp.Diff([]ReportDay{{Date: "2026-02-17"}, {Date: "2026-02-19", Unread: 2}}, r.Days); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func sentTo(branch string, dates ...string) (r Reports) {
	for _, date := range dates {
		r.Send(branch, date)
	}
	return r
}

func TestEveryReportOfABranchIsRemembered(t *testing.T) {
	t.Parallel()
	r := sentTo("DEV_CENTRAL", "2026-02-18", "2026-02-19", "2026-02-01", "2026-02-18")
	for date, want := range map[string]bool{"2026-02-19": true, "2026-02-18": true, "2026-02-01": true, "2026-02-17": false, "2026-01-31": false, "2026-02-20": false} {
		if got := r.IsSent("DEV_CENTRAL", date); got != want {
			t.Errorf("%s: %v", date, got)
		}
	}
	if r.IsSent("FLOW", "2026-02-19") {
		t.Error("FLOW got none")
	}
}

// What is forgotten must not be sent again, and so it counts as sent.
func TestADateThatIsForgottenCountsAsSent(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var r Reports
	for day := range sentDates + 2 {
		r.Send("FLOW", first.AddDate(0, 0, 2*day).Format(time.DateOnly))
	}
	if got := r.Sent["FLOW"]; len(got.Dates) != sentDates || got.Since != "2026-01-05" {
		t.Errorf("%d dates since %s", len(got.Dates), got.Since)
	}
	r.Send("FLOW", "2025-12-24") // by force
	for date, want := range map[string]bool{"2025-12-24": true, "2026-01-03": true, "2026-01-04": true, "2026-01-05": true, "2026-01-06": false} {
		if got := r.IsSent("FLOW", date); got != want {
			t.Errorf("%s: %v", date, got)
		}
	}
}

// Earlier versions kept the newest date alone.
func TestTheNewestDateOfAnEarlierVersionIsRead(t *testing.T) {
	t.Parallel()
	var r Reports
	must(t, json.Unmarshal([]byte(`{"sent": {"FLOW": "2026-02-18"}}`), &r))
	for date, want := range map[string]bool{"2026-02-17": true, "2026-02-18": true, "2026-02-19": false} {
		if got := r.IsSent("FLOW", date); got != want {
			t.Errorf("%s: %v", date, got)
		}
	}
}
