package demoday

import (
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 2, 20, 12, 0, 0, 0, time.UTC) }

// What the day is for: there is something to be seen in it.
func TestTheDayHasAStory(t *testing.T) {
	t.Parallel()
	day, err := Record(t.Context(), Options{Dir: t.TempDir(), Deploy: "../../deploy", End: noon()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = day.History.Close() })
	for _, query := range []string{
		`aipass_memory_lines{branch="MEMORY_BANK", file="local"} > 600`,
		`aipass_memory_lines{branch="MEMORY_BANK", file="local"} < 570`,
		`aipass_file_state{branch="PRAX", file="inbox", state="malformed"} == 1`,
		`aipass_file_state{branch="AI_MAIL", file="inbox", state="ok"} == 1`,
		`ALERTS{alertname="AIPassInboxMalformed", branch="PRAX", alertstate="firing"}`,
		`sum(aipass_notifications_total{outcome="delivered"}) > 3`,
		`sum(aipass_notifications_total{outcome="resolved"}) > 0`,
		`sum(aipass_mail_auto_opened_total) > 0`,
		`sum(aipass_mail_auto_closed_total) > 0`,
		`aipass_webhook_requests_total{code="200"} > 3`,
	} {
		series, err := day.History.QueryRange(t.Context(), query, day.Start, day.End, step)
		if err != nil {
			t.Errorf("%s: %v", query, err)
		}
		if len(series) == 0 {
			t.Errorf("never in the day: %s", query)
		}
	}
}
