package alerting_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/deploy/alertmanager"
	"github.com/aiosai/aipass-exporter/deploy/prometheus"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// eight is when every test begins, a Thursday's.
var eight = time.Date(2026, time.February, 19, 8, 0, 0, 0, time.UTC)

// A host is the demo host, with a clock that stands still until it is moved.
type host struct {
	t    testing.TB
	root string
	tree aipass.Tree
	now  time.Time
}

func newHost(t testing.TB) *host {
	t.Helper()
	return newHostLaid(t, demohost.Lay)
}

func newHostLaid(t testing.TB, lay func(string, time.Time) error) *host {
	t.Helper()
	h := &host{t: t, root: filepath.Join(t.TempDir(), "host"), now: eight}
	h.must(lay(h.root, eight))
	tree, err := aipass.Open(h.root, aipass.Options{Location: time.UTC, Now: h.clock, Alive: func(int) bool { return false }})
	h.must(err)
	h.tree = tree
	return h
}

func (h *host) clock() time.Time { return h.now }

func (h *host) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// desk makes mail for this host.
func (h *host) desk() *alerts.Desk {
	return &alerts.Desk{
		Tree: h.tree, Mailbox: mailbox.Options{Location: time.UTC, Now: h.clock}, Now: h.clock,
		Roles: recipients.Roles{recipients.Assistant: {"@assistant"}, recipients.DevCentral: {"@dev_central"}},
		// Far more than there is: what is folded is for the desk's own tests.
		Remind: 24 * time.Hour, MaxMails: 1000,
	}
}

// scrape is what a look at the host gives.
func (h *host) scrape() history.Scrape {
	h.t.Helper()
	var page bytes.Buffer
	look := collectors.Look{Snapshot: h.tree.Snapshot(h.t.Context()), Started: time.Now(), Interval: time.Hour}
	h.must(collectors.WriteText(&page, look, collectors.All(collectors.Options{StaleNew: 48 * time.Hour, StaleOpened: 24 * time.Hour, LogFiles: true}), quiet()))
	return scrape(h.now, others.ReplaceAllString(page.String(), ""))
}

// others are the lines about branches that nothing happens to here.
var others = regexp.MustCompile(`(?m)^.*branch="(?:TRIGGER|LAMPLIGHTER|GHOST_WRITER|CARTOGRAPHER|ASSISTANT|DEV_CENTRAL|DAEMON|hatchling)".*\n`)

func scrape(now time.Time, page string) history.Scrape {
	return history.Scrape{Time: now, Job: "node", Instance: "localhost:9100", Textfiles: []history.Textfile{
		{Path: "/var/lib/prometheus/node-exporter/aipass.prom", ModTime: now, Text: []byte(page)},
	}}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// told lists what the mailboxes of the host say of alerts, a line for each episode
// in each message.
func (h *host) told() (list []string) {
	h.t.Helper()
	look := h.tree.Snapshot(h.t.Context())
	for i := range look.Branches {
		b := &look.Branches[i]
		for _, m := range h.mail(b.MailboxDir()) {
			for _, a := range m.About.Alerts {
				list = append(list, fmt.Sprintf("%s: %s of %s, %s", b.Name, a.Alertname, a.Branch, a.Status))
			}
		}
	}
	slices.Sort(list)
	return list
}

type message struct {
	About struct {
		Alerts []struct{ Alertname, Branch, Status string }
	} `json:"aipass_actions"`
}

// mail is all that a mailbox has and had.
func (h *host) mail(dir string) (list []message) {
	h.t.Helper()
	var inbox struct{ Messages []message }
	if data, err := os.ReadFile(filepath.Join(dir, aipass.InboxFile)); err == nil {
		_ = json.Unmarshal(data, &inbox) // one that is broken has no mail
	}
	closed, err := filepath.Glob(filepath.Join(dir, "deleted", "*.json"))
	h.must(err)
	for _, path := range closed {
		var m message
		data, err := os.ReadFile(path)
		h.must(err)
		h.must(json.Unmarshal(data, &m))
		list = append(list, m)
	}
	return append(list, inbox.Messages...)
}

// shippedRules are those of deploy/prometheus.
func shippedRules() (*rules.Set, error) {
	return rules.Load(prometheus.Rules(), []string{
		"rules/health.yml", "rules/logs.yml", "rules/mail.yml", "rules/memory.yml", "rules/watcher.yml",
	}, rules.Options{})
}

func (h *host) router() *routing.Router {
	h.t.Helper()
	r, err := routing.Parse([]byte(alertmanager.Routing()), routing.Options{})
	h.must(err)
	return r
}
