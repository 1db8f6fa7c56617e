package alertmanager

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	oneHost      = "alertmanager.yml"
	severalHosts = "alertmanager-several-hosts.yml"
)

var configs = []string{oneHost, severalHosts}

func TestAmtoolAcceptsConfigs(t *testing.T) {
	t.Parallel()
	for _, config := range configs {
		amtool(t, "check-config", config)
	}
}

func TestAmtoolAcceptsWhatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	text := switchedOn(t, oneHost)
	if text == read(t, oneHost) {
		t.Fatal("nothing is switched off")
	}
	amtool(t, "check-config", write(t, text))
}

// A receiver that is left as Alertmanager's defaults have it can lose alerts.
func TestWebhooksLoseNothing(t *testing.T) {
	t.Parallel()
	for _, config := range configs {
		roles := map[string]int{}
		for _, r := range parse(t, config).Receivers {
			for _, w := range r.Webhooks {
				role := checkWebhook(t, r.Name, w)
				roles[role]++
				if !strings.HasSuffix(r.Name, role) {
					t.Errorf("%s: %s sends to %s", config, r.Name, role)
				}
			}
		}
		if len(roles) != 3 {
			t.Errorf("%s sends to the roles %v", config, roles)
		}
	}
}

func checkWebhook(t *testing.T, receiver string, w webhook) (role string) {
	t.Helper()
	address, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	role = address.Query().Get("to")
	if address.Path != "/v1/alerts" || !slices.Contains([]string{"branch", "assistant", "dev_central"}, role) {
		t.Errorf("%s sends to %s, which the receiver does not know", receiver, w.URL)
	}
	if actions := "localhost:" + address.Port(); !strings.Contains(read(t, "../prometheus/prometheus.yml"), actions) {
		t.Errorf("%s sends to %s, and Prometheus watches another port", receiver, w.URL)
	}
	if !w.SendResolved || w.MaxAlerts == 0 || w.HTTP.FollowRedirects == nil || *w.HTTP.FollowRedirects {
		t.Errorf("%s: resolved alerts are sent: %v; limit: %d; redirects", receiver, w.SendResolved, w.MaxAlerts)
	}
	if w.HTTP.Authorization.CredentialsFile == "" {
		t.Errorf("%s has no token", receiver)
	}
	return role
}

// A mail to the wrong host would be worse than two mails.
func TestGroupsKeepHostsAndBranchesApart(t *testing.T) {
	t.Parallel()
	for config, want := range map[string][]string{oneHost: {"branch"}, severalHosts: {"host", "branch"}} {
		c := parse(t, config)
		if !slices.Equal(c.Route.GroupBy, want) {
			t.Errorf("%s groups by %q", config, c.Route.GroupBy)
		}
		for _, r := range c.Inhibit {
			if slices.Contains(want, "host") != slices.Contains(r.Equal, "host") || !slices.Contains(r.Equal, "instance") {
				t.Errorf("%s: alerts of different hosts silence each other: equal %q", config, r.Equal)
			}
		}
	}
}

// What silences what is tested for one host; several are to have no other rules.
func TestSeveralHostsSilenceAsOneDoes(t *testing.T) {
	t.Parallel()
	type rule struct{ source, target []string }
	matchers := func(config string) (all []rule) {
		for _, r := range parse(t, config).Inhibit {
			all = append(all, rule{r.Source, r.Target})
		}
		return all
	}
	if diff := cmp.Diff(matchers(oneHost), matchers(severalHosts), cmp.AllowUnexported(rule{})); diff != "" {
		t.Errorf("-%s +%s:\n%s", oneHost, severalHosts, diff)
	}
}
