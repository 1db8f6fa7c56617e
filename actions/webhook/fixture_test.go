package webhook

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// branches are those of every host, unless a test says otherwise.
var branches = []string{"DRONE", "FLOW", "DAEMON", "DEVPULSE", "TRIGGER"}

const empty = `{"mailbox": "inbox", "total_messages": 0, "unread_count": 0, "messages": []}`

// layHost makes a host with empty mailboxes.
func layHost(t testing.TB, layout aipass.Layout, names ...string) (root string) {
	t.Helper()
	root = t.TempDir()
	entries := []map[string]string{}
	for _, name := range names {
		dir := strings.ToLower(name)
		entries = append(entries, map[string]string{"name": name, "path": dir, "email": "@" + dir})
		must(t, os.MkdirAll(filepath.Join(root, dir, mailboxOf[layout]), 0o755))
		must(t, os.WriteFile(filepath.Join(root, dir, mailboxOf[layout], aipass.InboxFile), []byte(empty), 0o644))
	}
	data, err := json.Marshal(map[string]any{"branches": entries})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(root, registryOf[layout]), data, 0o644))
	return root
}

var (
	mailboxOf  = map[aipass.Layout]string{aipass.Legacy: "ai_mail.local", aipass.Modern: ".ai_mail.local"}
	registryOf = map[aipass.Layout]string{aipass.Legacy: "BRANCH_REGISTRY.json", aipass.Modern: "AIPASS_REGISTRY.json"}
)

func roles() recipients.Roles {
	return recipients.Roles{recipients.Assistant: {"@assistant", "@daemon"}, recipients.DevCentral: {"@dev_central", "@devpulse"}}
}

// newDesk is the real one.
func newDesk(root string, o mailbox.Options) (*alerts.Desk, error) {
	tree, err := aipass.Open(root, aipass.Options{})
	return &alerts.Desk{Tree: tree, Mailbox: o, Roles: roles(), Remind: 24 * time.Hour, MaxMails: 12}, err
}

// newHandler is a receiver for a host, with the ledger beside it. change may
// change what it is made of.
func newHandler(root string, change func(*Config)) (*Handler, error) {
	reg := prometheus.NewPedanticRegistry()
	metrics := NewMetrics(reg)
	o := mailbox.Options{Observer: observer{new(actions.Tally), metrics}, LockTimeout: 10 * time.Second}
	desk, err := newDesk(root, o)
	if err != nil {
		return nil, err
	}
	mailboxes := &Mailboxes{Tree: desk.Tree, Mailbox: o, Roles: desk.Roles}
	c := Config{
		Desk: &ledger.Keeper{
			Desk: desk, Tally: new(actions.Tally), Now: time.Now, Fault: func(error) { metrics.LedgerFault() },
			Ledger: &ledger.Ledger{Path: filepath.Join(root, "state", ledger.File), MaxSize: 1 << 20},
		},
		MaxBody: 1 << 20, Ready: mailboxes.Check, Gatherer: reg, Metrics: metrics, Logger: promslog.NewNopLogger(),
		Landing: http.NotFoundHandler(),
	}
	if change != nil {
		change(&c)
	}
	return New(c), nil
}

// observer tells both.
type observer struct {
	*actions.Tally
	metrics *Metrics
}

func (o observer) LockWaited(wait time.Duration) { o.metrics.LockWaited(wait) }

// serve has a receiver listen on loopback.
func serve(t testing.TB, root string, change func(*Config)) (h *Handler, url string) {
	t.Helper()
	h, err := newHandler(root, change)
	must(t, err)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return h, server.URL
}

// about is what Alertmanager posts of firing alerts about a branch.
func about(branch string, names ...string) string {
	n := map[string]any{"version": "4", "groupKey": `{}:{branch="` + branch + `"}`, "status": "firing", "receiver": "branch", "truncatedAlerts": 0}
	list := []any{}
	for _, name := range names {
		list = append(list, map[string]any{
			"status": "firing", "startsAt": "2026-02-19T12:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
			"labels":      map[string]string{"alertname": name, "branch": branch, "severity": "warning", "priority": "normal"},
			"annotations": map[string]string{"summary": "Something is wrong.", "description": "It is " + name + "."},
		})
	}
	n["alerts"] = list
	data, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// An answer is what a client sees.
type answer struct {
	code   int
	body   string
	header http.Header
}

// client follows no redirect, so that one would be seen.
func client() *http.Client {
	return &http.Client{
		Timeout: 60 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask sends a request, with headers in pairs.
func ask(t testing.TB, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	must(t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client().Do(req)
	must(t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp.StatusCode, string(data), resp.Header}
}

// post sends what Alertmanager would.
func post(t testing.TB, url, to, body string) answer {
	t.Helper()
	return ask(t, http.MethodPost, url+AlertsPath+"?to="+to, body, "Content-Type", "application/json")
}

// mails lists the subjects in a branch's modern mailbox.
func mails(t testing.TB, root, branch string) (subjects []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, strings.ToLower(branch), mailboxOf[aipass.Modern], aipass.InboxFile))
	must(t, err)
	var inbox struct {
		Messages []struct{ Subject string }
	}
	must(t, json.Unmarshal(data, &inbox))
	for _, m := range inbox.Messages {
		subjects = append(subjects, m.Subject)
	}
	return subjects
}

// history is what the ledger has, an entry in a few words each.
func history(t testing.TB, root string) (list []string) {
	t.Helper()
	l := ledger.Ledger{Path: filepath.Join(root, "state", ledger.File)}
	must(t, l.Read(time.Time{}, func(e ledger.Entry) {
		list = append(list, fmt.Sprint(e.Branch, " ", e.Outcome, " ", e.Alert))
	}))
	return list
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
