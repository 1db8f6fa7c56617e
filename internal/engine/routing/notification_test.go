package routing_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

func TestNotificationIsAlertmanagersMessage(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	third := "alertname=Third severity=info recipient=branch priority=normal branch=A"
	d.fire(noon, over, near, third)
	n := d.run(noon)[0]
	var body map[string]any
	if err := json.Unmarshal(n.Body, &body); err != nil {
		t.Fatal(err)
	}
	delete(body, "alerts")
	want := map[string]any{
		"version": "4", "receiver": "branch", "status": "firing", "notification_reason": "first notification",
		"externalURL": "http://am.example", "groupKey": `{}/{recipient="branch"}:{branch="A"}`, "truncatedAlerts": 1.0,
		"groupLabels":       map[string]any{"branch": "A"},
		"commonLabels":      map[string]any{"branch": "A", "priority": "normal", "recipient": "branch"},
		"commonAnnotations": map[string]any{"summary": "All is not well."},
		"routeLabels":       map[string]any{},
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n.URL != "http://127.0.0.1:10148/v1/alerts?to=branch" {
		t.Errorf("goes to %s", n.URL)
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
