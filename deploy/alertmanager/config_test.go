// Package alertmanager holds tests of who gets which alert: that Alertmanager
// takes the configurations, that every alert of the rule files reaches whom it
// is for, and what silences what.
//
// There is no product code here.
package alertmanager

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v2"

	"github.com/aiosai/aipass-exporter/test/rulefile"
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

// A configuration, as far as tests look at it.
type configuration struct {
	Route struct {
		GroupBy []string `yaml:"group_by"`
	} `yaml:"route"`
	Inhibit []struct {
		Equal []string `yaml:"equal"`
	} `yaml:"inhibit_rules"`
	Receivers []struct {
		Name     string    `yaml:"name"`
		Webhooks []webhook `yaml:"webhook_configs"`
	} `yaml:"receivers"`
}

type webhook struct {
	URL          string `yaml:"url"`
	SendResolved bool   `yaml:"send_resolved"`
	MaxAlerts    int    `yaml:"max_alerts"`
	HTTP         struct {
		FollowRedirects *bool `yaml:"follow_redirects"`
		Authorization   struct {
			CredentialsFile string `yaml:"credentials_file"`
		} `yaml:"authorization"`
	} `yaml:"http_config"`
}

func parse(t *testing.T, config string) (c configuration) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, config)), &c); err != nil {
		t.Fatalf("%s: %v", config, err)
	}
	return c
}

// switchedOff is a line of configuration: of prose, one space and a word follow #.
var switchedOff = regexp.MustCompile(`(?m)^( *)#((?: {2,})?[^ \n].*)$`)

// switchedOn is a configuration with all that is optional, but for what Debian's
// Alertmanager does not know yet.
func switchedOn(t *testing.T, config string) string {
	t.Helper()
	return switchedOff.ReplaceAllStringFunc(read(t, config), func(line string) string {
		if strings.Contains(line, "#timeout: ") {
			return line
		}
		return switchedOff.ReplaceAllString(line, "$1$2")
	})
}

// rules are the alerts of all rule files.
func rules(t *testing.T) []rulefile.Rule {
	t.Helper()
	paths, err := filepath.Glob("../prometheus/rules/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("rule files: %q, %v", paths, err)
	}
	var alerts []rulefile.Rule
	for _, path := range paths {
		f, err := rulefile.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range f.Groups {
			alerts = append(alerts, slices.DeleteFunc(g.Rules, func(r rulefile.Rule) bool { return r.Alert == "" })...)
		}
	}
	return alerts
}

// amtool runs Debian's. Without it nothing is known: that is a failure.
func amtool(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("amtool")
	if err != nil {
		t.Fatalf("%v: install prometheus-alertmanager (make test-deps)", err)
	}
	var stderr strings.Builder
	cmd := exec.Command(path, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("amtool %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "alertmanager.yml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
