package alertmanager

import (
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

// A configuration, as far as tests look at it.
type configuration struct {
	Route struct {
		GroupBy []string `yaml:"group_by"`
	} `yaml:"route"`
	Inhibit []struct {
		Source []string `yaml:"source_matchers"`
		Target []string `yaml:"target_matchers"`
		Equal  []string `yaml:"equal"`
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
