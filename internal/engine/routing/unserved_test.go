package routing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
