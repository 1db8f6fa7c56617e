package doctor

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/deploy/alertmanager"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// The routing that is shipped, as one Alertmanager or another says it, and as
// somebody may have changed it.
func TestWhereRoutesLead(t *testing.T) {
	t.Parallel()
	shipped := alertmanager.Routing()
	url := regexp.MustCompile(`url: http://\S+`)
	moved := func(to string) string { return strings.ReplaceAll(shipped, "http://127.0.0.1:10148", to) }
	for name, row := range map[string]struct {
		config, webhook string
		want            Result
		says            string
	}{
		"as it is shipped":              {shipped, "http://localhost:10148", OK, "branch over receiver branch, assistant over receiver assistant, dev_central over receiver dev_central"},
		"no receiver to compare with":   {moved("http://elsewhere.example.org"), "", OK, "without --webhook.url it is not known"},
		"which hides its addresses":     {url.ReplaceAllString(shipped, "url: <secret>"), "http://localhost:10148", Skipped, "address hidden: branch over receiver branch"},
		"to a role by its address":      {strings.ReplaceAll(shipped, "?to=dev_central", "?to=@d"), "", OK, "dev_central over receiver dev_central"},
		"to another's address":          {strings.ReplaceAll(shipped, "?to=dev_central", "?to=@a"), "", Fault, "alerts for dev_central go to dev_central, with a webhook whose ?to=@a does not reach them"},
		"to another role":               {strings.ReplaceAll(shipped, "?to=assistant", "?to=dev_central"), "", Fault, "alerts for assistant go to assistant, with a webhook whose ?to=dev_central"},
		"a branch's to a role":          {strings.ReplaceAll(shipped, "?to=branch", "?to=dev_central"), "", Fault, "alerts for branch go to branch, with a webhook whose ?to=dev_central"},
		"a role's to the branch":        {strings.ReplaceAll(shipped, "?to=dev_central", "?to=branch"), "", Fault, "alerts for dev_central go to dev_central, with a webhook whose ?to=branch"},
		"to another host":               {moved("http://attic.example.org:10148"), "http://localhost:10148", Fault, "alerts for branch go to branch, with a webhook at http://attic.example.org:10148, and the receiver of this host is at http://localhost:10148"},
		"to another port":               {moved("http://127.0.0.1:10149"), "http://localhost:10148", Fault, "with a webhook at http://localhost:10149"},
		"over TLS to who knows no TLS":  {moved("https://127.0.0.1:10148"), "http://localhost:10148", Fault, "with a webhook at https://localhost:10148"},
		"this machine by another name":  {moved("http://[::1]:10148"), "http://127.0.0.1:10148/", OK, "branch over receiver branch"},
		"over a proxy":                  {moved("https://example.org/aipass"), "https://EXAMPLE.org:443/aipass/", OK, "branch over receiver branch"},
		"to an address with a password": {moved("http://me:sesame@attic.example.org:10148"), "http://localhost:10148", Fault, "with a webhook at http://attic.example.org:10148, "},
		"to somebody else's webhook":    {url.ReplaceAllString(shipped, "url: http://chat.example.org/alerts?to=branch"), "", Fault, "alerts for branch go to branch, with no webhook of aipass-actions"},
		"to whom the receiver refuses":  {strings.ReplaceAll(shipped, "?to=assistant", "?to=boss"), "", Fault, "alerts for assistant go to assistant"},
		"to nobody in particular":       {strings.ReplaceAll(shipped, "?to=branch", ""), "", Fault, "alerts for branch go to branch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, routed(t, row.config, row.webhook, nil), row.want, row.says)
		})
	}
}

// With one Alertmanager for several hosts a label says whose receiver gets an
// alert: that it is another host's is no comfort.
func TestRoutesAreThoseOfThisHost(t *testing.T) {
	t.Parallel()
	const shared = `
route: {receiver: workshop, routes: [{matchers: ['host="attic"'], receiver: attic}]}
receivers:
  - {name: workshop, webhook_configs: [{url: "http://workshop:10148/v1/alerts?to=branch"}]}
  - name: attic
    webhook_configs:
      - url: http://attic:10148/v1/alerts?to=branch
      - url: http://attic:10148/v1/alerts?to=assistant
      - url: http://attic:10148/v1/alerts?to=dev_central
`
	check(t, routed(t, shared, "http://attic:10148", map[string]string{"host": "attic"}), OK, `branch over receiver attic, assistant over receiver attic, dev_central over receiver attic with host="attic"`)
	check(t, routed(t, shared, "http://attic:10148", nil), Fault, "alerts for branch go to workshop, with a webhook at http://workshop:10148")
}

// routed is what is found of a configuration, on a host with its roles.
func routed(t *testing.T, config, webhook string, outer map[string]string) Step {
	t.Helper()
	router, err := routing.Parse([]byte(config), routing.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &patient{
		Doctor: &Doctor{
			Roles:   recipients.Roles{recipients.Assistant: {"@a"}, recipients.DevCentral: {"@d"}},
			Servers: Servers{Webhook: webhook},
		},
		look: &aipass.Snapshot{Branches: []aipass.Branch{{Entry: aipass.Entry{Name: "A", Email: "@a"}}, {Entry: aipass.Entry{Name: "D", Email: "@d"}}}},
	}
	return p.ways(router, outer)
}

// An alert keeps what it says of itself, as Prometheus has it.
func TestOuterLabelsGiveWay(t *testing.T) {
	t.Parallel()
	labels := syntheticLabels("AIPassTest", "FLOW", alerts.ToBranch, map[string]string{"host": "attic", "recipient": "nobody"})
	if labels["host"] != "attic" || labels["recipient"] != alerts.ToBranch {
		t.Errorf("%v", labels)
	}
}
