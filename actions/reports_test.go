package actions

import (
	"fmt"
	"testing"

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

// A report of an old date does not make the newest forgotten.
func TestTheNewestReportOfABranchIsRemembered(t *testing.T) {
	t.Parallel()
	var r Reports
	for _, date := range []string{"2026-02-18", "2026-02-19", "2026-02-01"} {
		r.Send("DEV_CENTRAL", date)
	}
	if got := r.Sent["DEV_CENTRAL"]; got != "2026-02-19" {
		t.Errorf("got %s", got)
	}
}
