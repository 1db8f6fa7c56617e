package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// A server is `aipass-actions webhook` on a free port, for a demo host.
type server struct {
	*clitest.Server
	home, state string
}

func startServer(t *testing.T, args ...string) server {
	t.Helper()
	dir := t.TempDir()
	s := server{home: filepath.Join(dir, "host"), state: filepath.Join(dir, "state")}
	if err := demohost.Lay(s.home, time.Now()); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"webhook", "--aipass.home=" + s.home, "--state.dir=" + s.state, "--web.listen-address=127.0.0.1:0"}, args...)
	s.Server = clitest.StartServer(t, program(), args...)
	return s
}

// fires is what Alertmanager posts of an alert about a branch.
func fires(name, branch string) string {
	return fmt.Sprintf(`{"version":"4","groupKey":%q,"receiver":"branch","alerts":[{"status":"firing",`+
		`"labels":{"alertname":%q,"branch":%[1]q,"severity":"warning"},"annotations":{"summary":"It is."},"startsAt":"2026-02-19T12:00:00Z"}]}`, branch, name)
}

// post posts it, with headers in pairs.
func post(client *http.Client, base, body string, header ...string) (clitest.Answer, error) {
	header = append([]string{"Content-Type", "application/json"}, header...)
	return clitest.Do(context.Background(), client, http.MethodPost, base+"/v1/alerts?to=branch", strings.NewReader(body), header...)
}

// posts is post, which has to be answered with a code.
func posts(t *testing.T, want int, client *http.Client, base, body string, header ...string) {
	t.Helper()
	if got, err := post(client, base, body, header...); err != nil || got.Code != want {
		t.Errorf("got %+v, %v, want %d", got, err, want)
	}
}

// readState is what is in the state directory.
func (s server) readState(t *testing.T) (state actions.State) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.state, actions.StateFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

func TestTheReceiverMakesMailAndEndsInPeace(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	base, client := "http://"+s.Address, clitest.NewClient()
	posts(t, 200, client, base, fires("AIPassTest", "DRONE"))
	if got := clitest.Get(t, client, base+"/"); got.Code != 200 || !strings.Contains(got.Body, `href="/-/ready"`) {
		t.Errorf("/: %+v", got)
	}
	got := clitest.Get(t, client, base+"/metrics")
	if got.Code != 200 || !strings.Contains(got.Body, `aipass_webhook_alerts_total{outcome="delivered"} 1`) || !strings.Contains(got.Body, "\ngo_goroutines ") {
		t.Errorf("/metrics: %+v", got)
	}
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
	if strings.Contains(s.Log.String(), "level=ERROR") || strings.Contains(s.Log.String(), "level=WARN") {
		t.Errorf("the log says\n%s", s.Log)
	}
	state := s.readState(t)
	if got := state.Notifications.Branches["DRONE"]; got != (actions.NotificationTotals{Delivered: 1}) || state.Home != s.home {
		t.Errorf("the state has %+v of %s", got, state.Home)
	}
	if _, zeros := state.Notifications.Branches["FLOW"]; !zeros || state.Mailbox.LockWaits.Count != 1 {
		t.Errorf("the state has %+v", state)
	}
	if out := s.runs(t, 0, "history"); !strings.Contains(out, "AIPassTest") {
		t.Errorf("the history is\n%s", out)
	}
}

// runs has another program do something for the same host, and returns what it
// says.
func (s server) runs(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs clitest.Buffer
	args = append(args, "--aipass.home="+s.home, "--state.dir="+s.state)
	if code := program().Run(t.Context(), args, clitest.System(), &out, &errs); code != want {
		t.Errorf("%q: exit code %d, want %d\n%s", args, code, want, errs.String())
	}
	return out.String()
}

// inboxOfDrone is in the legacy part of the demo host.
func (s server) inboxOfDrone(name string) string {
	return filepath.Join(s.home, "aipass_core", "drone", "ai_mail.local", name)
}

// A notification that is in work when the signal comes is finished, answered
// and counted.
func TestTheReceiverFinishesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--mailbox.lock-timeout=1m")
	lock, err := os.OpenFile(s.inboxOfDrone(".inbox.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	answer := make(chan clitest.Answer, 1)
	go func() {
		got, _ := post(clitest.NewClient(), "http://"+s.Address, fires("AIPassTest", "DRONE"))
		answer <- got
	}()
	clitest.WaitFor(t, func() bool {
		page := clitest.Get(t, clitest.NewClient(), "http://"+s.Address+"/metrics").Body
		return strings.Contains(page, "\naipass_webhook_requests_in_flight 1\n")
	})
	s.Signal()
	clitest.WaitFor(t, func() bool { return strings.Contains(s.Log.String(), "shutting down") })
	lock.Close()
	if got := <-answer; got.Code != 200 || got.Body != "1 alerts taken\n" {
		t.Errorf("got %+v", got)
	}
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
	if got := s.readState(t).Notifications.Branches["DRONE"]; got.Delivered != 1 {
		t.Errorf("the state has %+v", got)
	}
}

// Cleanups and mail by hand write to the same state while the receiver runs.
func TestTheReceiverAndRunsLoseNoneOfEachOthersCounts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for n := range 5 {
		posts(t, 200, clitest.NewClient(), "http://"+s.Address, fires(fmt.Sprint("AIPassTest", n), "FLOW"))
		s.runs(t, 1, "cleanup") // AI_MAIL's inbox is broken
		s.runs(t, 0, "notify", "--to=@flow", "--subject=x")
	}
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
	state := s.readState(t)
	told := state.Notifications.Branches["FLOW"]
	if told.Delivered+told.Updated != 5 || state.MailCleanup.Branches["FLOW"].AutoOpened != 1 || state.MailCleanup.Branches["AI_MAIL"].Errors != 5 {
		t.Errorf("the state has %+v, %+v", told, state.MailCleanup.Branches)
	}
	if state.Actions["cleanup"].LastRun.IsZero() {
		t.Error("it does not know of the cleanup")
	}
}

// AIPass's own count is brought up to date without a run.
func TestTheReceiverBringsTheCentralCountUpToDate(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	central := filepath.Join(s.home, "aipass_os", "AI_CENTRAL", "AI_MAIL.central.json")
	if err := os.MkdirAll(filepath.Dir(central), 0o755); err != nil {
		t.Fatal(err)
	}
	posts(t, 200, clitest.NewClient(), "http://"+s.Address, fires("AIPassTest", "DRONE"))
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
	if text, err := os.ReadFile(central); err != nil || !strings.Contains(string(text), "\"DRONE\": {\n      \"unread\": 3,\n      \"total\": 4\n") {
		t.Errorf("%v\n%s", err, text)
	}
}
