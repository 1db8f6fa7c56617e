package alerting_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

// A cron is a run every hour. What one run leaves goes to the next through files.
type cron struct {
	*host
	state string
}

func (c *cron) run(s history.Scrape) []engine.Alert {
	c.t.Helper()
	memory, err := alerting.Load(filepath.Join(c.state, alerting.File))
	c.must(err)
	found := c.evaluate(memory.Rules, s, nil)
	teller := alerting.Teller{Router: c.router(), Desk: c.desk()}
	telling := teller.Tell(c.t.Context(), memory.Routing, found.Alerts, s.Time)
	for _, n := range telling.Notices {
		c.must(n.Err)
	}
	c.must(alerting.Memory{Rules: found.State, Routing: telling.State}.Save(filepath.Join(c.state, alerting.File)))
	return found.Alerts
}

func (c *cron) evaluate(was rules.State, s history.Scrape, ask func(context.Context, *history.DB) error) alerting.Evaluation {
	c.t.Helper()
	e := alerting.Evaluator{History: filepath.Join(c.state, alerting.Folder), Interval: time.Hour, Rules: shippedRules, Asked: []string{}, Ask: ask, Logger: quiet()}
	found, err := e.Evaluate(c.t.Context(), was, s)
	c.must(err)
	for _, f := range found.Faults {
		c.t.Errorf("%v: %v", s.Time, f)
	}
	return found
}

// A daemon stays up, scrapes every two minutes and evaluates every ten. It keeps all
// it knows where it is.
type daemon struct {
	*host
	db     *history.DB
	rules  *rules.Set
	router *routing.Router
	known  routing.State
	last   history.Scrape
}

func newDaemon(h *host) *daemon {
	h.t.Helper()
	db, err := history.Open(h.t.TempDir(), h.now, history.Options{Interval: time.Minute})
	h.must(err)
	h.t.Cleanup(func() { h.must(db.Close()) })
	set, err := shippedRules()
	h.must(err)
	return &daemon{host: h, db: db, rules: set, router: h.router()}
}

func (d *daemon) scrapeOnly(s history.Scrape) {
	d.t.Helper()
	_, err := d.db.Scrape(d.t.Context(), s)
	d.must(err)
}

func (d *daemon) evaluate(s history.Scrape) []engine.Alert {
	d.t.Helper()
	d.scrapeOnly(s)
	d.must(d.rules.Evaluate(d.t.Context(), d.db, s.Time))
	telling := (&alerting.Teller{Router: d.router, Desk: d.desk()}).Tell(d.t.Context(), d.known, d.rules.Alerts(), s.Time)
	for _, n := range telling.Notices {
		d.must(n.Err)
	}
	d.known = telling.State
	return d.rules.Alerts()
}

// active are the alerts that are pending or fire, each a line.
func active(found []engine.Alert) []string {
	var list []string
	for _, a := range found {
		if a.State != engine.Resolved {
			labels, _ := json.Marshal(a.Labels) // strings always can be
			list = append(list, fmt.Sprintf("%s %s %v", labels, a.State, float64(a.Value)))
		}
	}
	slices.Sort(list)
	return list
}

// What befalls the host in an hour.
var story = map[int]func(*host){
	2:  func(h *host) { h.breakFile("src/aipass/prax/.ai_mail.local/inbox.json") },
	3:  func(h *host) { h.lengthen("MEMORY_BANK/MEMORY_BANK.local.json", 1000) },
	4:  func(h *host) { h.must(os.Remove(filepath.Join(h.root, "aipass_core/drone/README.md"))) },
	6:  func(h *host) { h.restore("src/aipass/prax/.ai_mail.local/inbox.json") },
	8:  func(h *host) { h.restore("MEMORY_BANK/MEMORY_BANK.local.json") },
	10: func(h *host) { h.breakFile("src/aipass/prax/.ai_mail.local/inbox.json") },
}

const growing = "aipass_core/drone/DRONE.observations.json"

func (h *host) path(name string) string { return filepath.Join(h.root, filepath.FromSlash(name)) }

// breakFile leaves nothing but the beginning, long ago: nobody is writing it.
func (h *host) breakFile(name string) {
	data, err := os.ReadFile(h.path(name))
	h.must(err)
	h.must(os.WriteFile(h.path(name)+".was", data, 0o644))
	h.must(os.WriteFile(h.path(name), []byte(`{"messages": [`), 0o644))
	h.must(os.Chtimes(h.path(name), eight.Add(-time.Hour), eight.Add(-time.Hour)))
}

func (h *host) restore(name string) {
	h.must(os.Rename(h.path(name)+".was", h.path(name)))
}

func (h *host) lengthen(name string, lines int) {
	data, err := os.ReadFile(h.path(name))
	h.must(err)
	if lines > 100 {
		h.must(os.WriteFile(h.path(name)+".was", data, 0o644))
	}
	h.must(os.WriteFile(h.path(name), append(data, strings.Repeat("\n", lines)...), 0o644))
}

// Runs an hour apart find the alerts, and write the mail, that servers would which
// are always there, and scrape what the runs write.
func TestHourlyRunsDoWhatServersDo(t *testing.T) {
	t.Parallel()
	c := &cron{newHost(t), t.TempDir()}
	d := newDaemon(newHost(t))
	for hour := range 13 {
		c.now = eight.Add(time.Duration(hour) * time.Hour)
		c.lengthen(growing, 20)
		if befalls, is := story[hour]; is {
			befalls(c.host)
			befalls(d.host)
		}
		page := c.scrape()
		want := d.hour(hour, page)
		if diff := cmp.Diff(active(want), active(c.run(page))); diff != "" {
			t.Errorf("alerts after %d hours: -servers +runs:\n%s", hour, diff)
		}
		if diff := cmp.Diff(d.told(), c.told()); diff != "" {
			t.Errorf("mail after %d hours: -servers +runs:\n%s", hour, diff)
		}
	}
	for _, want := range []string{
		"DEV_CENTRAL: AIPassInboxMalformed of PRAX, resolved", "DEV_CENTRAL: AIPassInboxMalformed of PRAX, firing",
		"MEMORY_BANK: AIPassMemoryOverLimit of MEMORY_BANK, resolved", "DRONE: AIPassMemoryLimitForecast of DRONE, firing",
		"ASSISTANT: AIPassFileMissing of DRONE, firing",
	} {
		if !slices.Contains(c.told(), want) {
			t.Errorf("no %q in %q", want, c.told())
		}
	}
}

// hour is what servers do until the next look, and at it.
func (d *daemon) hour(hour int, page history.Scrape) []engine.Alert {
	d.t.Helper()
	if hour > 0 {
		for minute := 2 * time.Minute; minute < time.Hour; minute += 2 * time.Minute {
			last := d.last
			last.Time = last.Time.Add(minute)
			if minute%(10*time.Minute) > 0 {
				d.scrapeOnly(last)
				continue
			}
			d.now = last.Time
			d.evaluate(last)
		}
	}
	d.last, d.now = page, page.Time
	return d.evaluate(page)
}
