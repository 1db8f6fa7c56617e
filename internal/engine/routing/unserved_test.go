package routing_test

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// Nobody's notices go missing silently.
func TestReceiversThatARunCannotServeAreNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, `
global: {smtp_smarthost: "mail.example:25", smtp_from: "am@example.com"}
route:
  receiver: ours
  routes:
    - {receiver: people, matchers: [team="people"]}
    - {receiver: shaped, matchers: [team="shaped"]}
receivers:
  - name: ours
    webhook_configs: [{url: "http://127.0.0.1:10148/"}]
  - name: people
    email_configs: [{to: ops@example.com}]
    slack_configs: [{api_url: "http://slack.example/", channel: ops}]
  - name: shaped
    webhook_configs: [{url: "http://127.0.0.1:10148/", payload: {text: hello}}]
  - name: unused
    email_configs: [{to: nobody@example.com}]
`)
	var got []string
	for _, err := range d.router.Unserved() {
		got = append(got, err.Error())
	}
	want := []string{
		"receiver people: email_configs, slack_configs: a run delivers to webhooks only; give it webhook_configs, or let an Alertmanager serve it",
		"receiver shaped: webhook_configs[0]: payload is not used: a run delivers what Alertmanager posts without",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRoutingThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	if _, err := routing.Load("testdata/none.yml", routing.Options{}); err == nil || !strings.Contains(err.Error(), "testdata/none.yml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if _, err := routing.Parse([]byte("route: {receiver: nobody}\n"), routing.Options{}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("got %v, want an error that names the receiver", err)
	}
	if _, err := routing.Parse(nil, routing.Options{}); err == nil {
		t.Error("no routing is taken for routing")
	}
}

func TestURLsAndRouteLabelsAreTemplates(t *testing.T) {
	t.Parallel()
	d := newDesk(t, `
route:
  receiver: ours
  group_by: [branch]
  labels: {to: "{{ .GroupLabels.branch }}"}
receivers:
  - name: ours
    webhook_configs: [{url: 'http://127.0.0.1:10148/v1/alerts?to={{ .CommonLabels.branch }}'}]
`)
	d.fire(noon, "alertname=Over branch=A")
	n := d.run(noon)[0]
	if want := "http://127.0.0.1:10148/v1/alerts?to=A"; n.URL != want {
		t.Errorf("goes to %s, want %s", n.URL, want)
	}
	if want := `"routeLabels":{"to":"A"}`; !strings.Contains(string(n.Body), want) {
		t.Errorf("no %s in %s", want, n.Body)
	}
}

// What does not come out right costs no other receiver its notices, and is tried
// again.
func TestBrokenTemplateCostsItsOwnReceiver(t *testing.T) {
	t.Parallel()
	d := newDesk(t, `
route:
  receiver: ours
  group_by: [branch]
  routes:
    - {receiver: broken, matchers: [branch="A"], continue: true}
    - {receiver: ours, matchers: [branch="A"]}
receivers:
  - name: ours
    webhook_configs: [{url: "http://127.0.0.1:10148/"}]
  - name: broken
    webhook_configs: [{url_file: /nowhere/url}]
`)
	d.fire(noon, "alertname=Over branch=A")
	pass, err := d.router.Route(routing.State{}, values(d.alerts), noon)
	if err == nil || !strings.Contains(err.Error(), "receiver broken: webhook_configs[0]: url_file: ") {
		t.Errorf("got %v, want an error that names receiver and file", err)
	}
	d.same(noon, pass.Notifications, []string{"ours map[branch:A] 1+0 first notification"})
}

// Alertmanager brings a watcher of files along; a run must not start one.
func TestNothingWatchesFiles(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("inotify is Linux's")
	}
	d := shipped(t)
	d.fire(noon, over)
	d.run(noon)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range open {
		if target, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.Contains(target, "inotify") {
			t.Errorf("descriptor %s is %s", fd.Name(), target)
		}
	}
}
