package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// Two real Alertmanagers that know nothing of each other, with the routing file
// as it is shipped, tell of one alert. The mailbox is locked at first, so they
// have to come again. It is one mail.
func TestWhatTwoAlertmanagersTellIsOneMail(t *testing.T) {
	t.Parallel()
	token := filepath.Join(t.TempDir(), "aipass-actions.token")
	if err := os.WriteFile(token, []byte("sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "--token-file="+token, "--mailbox.lock-timeout=10ms")
	lock, err := os.OpenFile(s.inboxOfDrone(".inbox.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	pair := []*servertest.Server{
		startAlertmanager(t, s.Address, filepath.Dir(token), "group_wait: 0s"),
		startAlertmanager(t, s.Address, filepath.Dir(token), "group_wait: 0s"),
	}
	for _, am := range pair {
		postToAlertmanager(t, am, `[{"labels": {"alertname": "AIPassMailStaleNew", "branch": "DRONE", "recipient": "branch", "severity": "warning", "priority": "low"},
			"annotations": {"summary": "Mail is stale."}}]`)
	}
	answered := func(series string) bool {
		page := clitest.Get(t, clitest.NewClient(), "http://"+s.Address+"/metrics").Body
		return regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(series) + ` [1-9]`).MatchString(page)
	}
	servertest.Await(t, "an answer that says later", func() bool { return answered(`aipass_webhook_requests_total{code="503"}`) })
	lock.Close()
	servertest.Await(t, "the mail", func() bool { return answered(`aipass_webhook_alerts_total{outcome="delivered"}`) })
	servertest.Await(t, "the other's post", func() bool { return answered(`aipass_webhook_alerts_total{outcome="duplicate"}`) })
	checkAlertMail(t, s)
}

// startAlertmanager runs one with the shipped routing file, which is told where
// the receiver is, and other settings such as "group_wait: 0s". The file stands in
// dir, with the token beside it.
func startAlertmanager(t *testing.T, receiver, dir string, settings ...string) *servertest.Server {
	t.Helper()
	shipped, err := os.ReadFile(filepath.Join("..", "..", "deploy", "alertmanager", "alertmanager.yml"))
	if err != nil {
		t.Fatal(err)
	}
	config := strings.ReplaceAll(string(shipped), "127.0.0.1:10148", receiver)
	for _, setting := range settings {
		name, _, _ := strings.Cut(setting, ":")
		config = regexp.MustCompile(name+`: \S+`).ReplaceAllString(config, setting)
	}
	file := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return servertest.StartAlertmanager(t, file)
}

func postToAlertmanager(t *testing.T, am *servertest.Server, body string) {
	t.Helper()
	if _, err := am.Post("/api/v2/alerts", []byte(body)); err != nil {
		t.Fatal(err)
	}
}

// checkAlertMail checks that DRONE has one mail of the alert.
func checkAlertMail(t *testing.T, s server) {
	t.Helper()
	data, err := os.ReadFile(s.inboxOfDrone("inbox.json"))
	if err != nil {
		t.Fatal(err)
	}
	var inbox struct {
		Messages []struct{ From, Subject, Message, Priority string }
	}
	if err := json.Unmarshal(data, &inbox); err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, m := range inbox.Messages {
		if strings.Contains(m.Message, "AIPassMailStaleNew") {
			subjects = append(subjects, m.Priority+" "+m.Subject)
		}
	}
	if len(subjects) != 1 || !strings.HasPrefix(subjects[0], "low [SCHEDULED] ") {
		t.Errorf("DRONE has %q", subjects)
	}
}
