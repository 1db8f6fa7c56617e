package routing_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// patience bounds every wait for a program; it is for a busy machine.
const patience = time.Minute

func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: install prometheus-alertmanager (make test-deps)", err)
	}
	return path
}

// amtool says which receivers get an alert; so does the router.
func TestRoutesAreAmtools(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	for _, labels := range []string{
		over, inbox, stale, "alertname=Watchdog recipient=assistant", "recipient=assistant", "branch=A",
		"severity=critical recipient=branch priority=low", "team=web", "team=webmaster", "severity=critical team=ops",
	} {
		args := []string{"config", "routes", "test", "--config.file=" + config}
		out, err := exec.Command(find(t, "amtool"), append(args, strings.Fields(labels)...)...).Output()
		if err != nil {
			t.Fatalf("amtool: %v", err)
		}
		want := strings.TrimSpace(string(out))
		if got := strings.Join(d.router.Routes(parse(labels)), ","); got != want {
			t.Errorf("%s goes to %s, by amtool to %s", labels, got, want)
		}
	}
}

// A recorded set of alerts, and then what becomes of them: a real Alertmanager
// posts what the router says.
func TestNotificationsAreAlertmanagers(t *testing.T) {
	t.Parallel()
	hooks := newHooks(t)
	am := startAlertmanager(t, hooks.config(t))
	d := shipped(t)
	alerts := []string{
		over, near, other, inbox,
		"alertname=Third severity=info recipient=branch priority=normal branch=B",
		"alertname=Fourth severity=info recipient=branch priority=normal branch=B",
		"alertname=Watchdog recipient=assistant priority=low",
		"alertname=README severity=info recipient=assistant branch=C",
		"alertname=Host severity=error recipient=assistant",
		"alertname=Web team=web branch=C",
	}
	d.fire(noon, alerts...)
	am.post(alerts, false)
	hooks.same(d.run(noon))

	// One of each group, so that no flush can come between two: the inhibited come
	// forth, the others are over.
	ended := []string{inbox, other, "alertname=Host severity=error recipient=assistant", "alertname=Web team=web branch=C"}
	d.resolve(noon.Add(time.Hour), ended...)
	am.post(ended, true)
	hooks.same(d.run(noon.Add(time.Hour)))
}

// hooks receive what an Alertmanager posts.
type hooks struct {
	t      *testing.T
	server *httptest.Server
	posted chan string
}

func newHooks(t *testing.T) *hooks {
	h := &hooks{t: t, posted: make(chan string, 100)}
	h.server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h.posted <- r.URL.RequestURI() + " " + essential(t, body)
	}))
	t.Cleanup(h.server.Close)
	return h
}

// config is the file of the tests, but for its posting here, and for its waiting a
// second where it would wait for minutes.
func (h *hooks) config(t *testing.T) string {
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(
		"http://127.0.0.1:10148", h.server.URL,
		"group_wait: 30s", "group_wait: 2s", "group_interval: 5m", "group_interval: 2s",
		// Its clock is the machine's.
		"mute_time_intervals: [weekend]", "mute_time_intervals: []", "active_time_intervals: [day]", "active_time_intervals: []",
	).Replace(string(text))
	path := filepath.Join(t.TempDir(), "alertmanager.yml")
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// same waits for as many posts as there are notifications.
func (h *hooks) same(notifications []*routing.Notification) {
	h.t.Helper()
	var want, got []string
	timeout := time.After(patience)
	for _, n := range notifications {
		want = append(want, strings.TrimPrefix(n.URL, "http://127.0.0.1:10148")+" "+essential(h.t, n.Body))
		select {
		case post := <-h.posted:
			got = append(got, post)
		case <-timeout:
			h.t.Errorf("Alertmanager posted %d times within %v, want %d", len(got), patience, len(notifications))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("-router +alertmanager:\n%s", diff)
	}
}

// essential is a message without what depends on clocks, addresses, and on how
// new the Alertmanager is.
func essential(t *testing.T, body []byte) string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"externalURL", "notification_reason", "routeLabels"} {
		delete(m, name)
	}
	for _, a := range m["alerts"].([]any) {
		a := a.(map[string]any)
		delete(a, "startsAt")
		a["endsAt"] = a["endsAt"] != "0001-01-01T00:00:00Z"
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

type alertmanager struct {
	t   *testing.T
	url string
}

func startAlertmanager(t *testing.T, config string) alertmanager {
	t.Helper()
	said := &address{found: make(chan string, 1)}
	cmd := exec.Command(find(t, "prometheus-alertmanager"), "--config.file="+config, "--storage.path="+t.TempDir(),
		"--cluster.listen-address=", "--web.listen-address=127.0.0.1:0")
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // fails if it has ended, which a test would have noticed
		_ = cmd.Wait()
	})
	select {
	case host := <-said.found:
		return alertmanager{t, "http://" + host}
	case <-time.After(patience):
		t.Fatalf("Alertmanager is not ready after %v:\n%s", patience, said)
	}
	return alertmanager{}
}

func (a alertmanager) post(alerts []string, over bool) {
	a.t.Helper()
	var all []map[string]any
	for _, text := range alerts {
		alert := map[string]any{
			"labels": parse(text), "annotations": map[string]string{"summary": "All is not well."},
			"generatorURL": "http://prom.example/graph",
		}
		if over {
			alert["endsAt"] = time.Now()
		}
		all = append(all, alert)
	}
	body, err := json.Marshal(all)
	if err != nil {
		a.t.Fatal(err)
	}
	resp, err := http.Post(a.url+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		a.t.Fatalf("post alerts: %s: %s", resp.Status, text)
	}
}

// An address is found in what a program logs: with port 0 only the program knows.
type address struct {
	found chan string

	mu   sync.Mutex
	text bytes.Buffer
	told bool
}

var listening = regexp.MustCompile(`Listening on.* address=(127\.0\.0\.1:\d+)\s`)

func (a *address) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.text.Write(p)
	if m := listening.FindSubmatch(a.text.Bytes()); m != nil && !a.told {
		a.told = true
		a.found <- string(m[1])
	}
	return len(p), nil
}

func (a *address) String() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text.String()
}
