package alerting_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

const hours = 13

// Prometheus, as promtool has it, scrapes every minute what hourly runs have written,
// evaluates every ten, and finds at each run the alerts that fire in it, with the same
// labels. Their descriptions have numbers, which are a little smaller in a Prometheus
// as old as Debian's: its ranges have a sample more at their beginning. That runs give
// the numbers of a Prometheus of their own age is tested in internal/engine.
func TestPromtoolFindsTheAlertsOfHourlyRuns(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		lay     func(string, time.Time) error
		growing string
		befalls map[int]func(*host)
	}{
		"the demo host": {demohost.Lay, growing, story},
		"a host of both generations": {
			func(dir string, now time.Time) error { return demohost.Generate(dir, 6, now) },
			"aipass_core/dyer_00002/DYER_00002.local.json",
			map[int]func(*host){
				2: func(h *host) { h.breakFile("BRANCH_REGISTRY.json") },
				4: func(h *host) { h.restore("BRANCH_REGISTRY.json") },
				5: func(h *host) { h.must(os.Remove(h.only("src/aipass/*/README.md"))) },
				7: func(h *host) { h.must(os.RemoveAll(filepath.Dir(h.only("src/aipass/*/.trinity")))) },
				9: func(h *host) { h.breakFile("AIPASS_REGISTRY.json") },
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &cron{newHostLaid(t, row.lay), t.TempDir()}
			r := newRecord(t)
			var was rules.State
			for hour := range hours {
				c.now = eight.Add(time.Duration(hour) * time.Hour)
				if befalls, is := row.befalls[hour]; is {
					befalls(c.host)
				}
				c.lengthen(row.growing, 20)
				page := c.scrape()
				page.Textfiles[0].Text = append(page.Textfiles[0].Text, counted(hour)...)
				found := c.evaluate(was, page, r.scraped(hour, c.now))
				r.fire(hour, found.Alerts)
				was = found.State
			}
			r.promtoolAgrees()
		})
	}
}

// counted is what is counted on a host until an hour.
func counted(hour int) string {
	errors, failed := 2*hour, 0
	if hour >= 6 {
		errors += 80
	}
	if hour >= 8 {
		failed = 1
	}
	return fmt.Sprintf(`aipass_log_messages_total{branch="FLOW",scope="branch",level="error"} %d
aipass_notifications_total{branch="FLOW",outcome="failed"} %d
aipass_mail_cleanup_errors_total{branch="FLOW"} %d
`, errors, failed, failed)
}

// only is the first file of a pattern.
func (h *host) only(pattern string) string {
	found, err := filepath.Glob(h.path(pattern))
	h.must(err)
	if len(found) == 0 {
		h.t.Fatalf("no %s", pattern)
	}
	name, err := filepath.Rel(h.root, found[0])
	h.must(err)
	return h.path(name)
}
