package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the shipped files are not used as they are for: addresses are those of
// free ports, and waits of minutes take seconds. A substitution that finds
// nothing to substitute fails the test.

// prometheusConfig is deploy/prometheus/prometheus.yml.
func (s *stack) prometheusConfig(t *testing.T, nodeExporter string) string {
	t.Helper()
	rules, err := filepath.Abs("../../deploy/prometheus/rules")
	must(t, err)
	return substituted(t, "../../deploy/prometheus/prometheus.yml", t.TempDir(),
		"scrape_interval: 1m", "scrape_interval: 1s",
		"evaluation_interval: 1m", "evaluation_interval: 1s",
		"- rules/*.yml", "- "+rules+"/*.yml",
		`"localhost:9100"`, quoted(nodeExporter),
		`"localhost:10148"`, quoted(s.receiver.URL()),
		`"localhost:9093"`, quoted(s.alertmanagers[0].URL(), s.alertmanagers[1].URL()),
	)
}

// alertmanagerConfig is deploy/alertmanager/alertmanager.yml.
func (s *stack) alertmanagerConfig(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "aipass-actions.token"), []byte(token+"\n"), 0o600))
	return substituted(t, "../../deploy/alertmanager/alertmanager.yml", dir,
		"group_wait: 1m", "group_wait: 1s",
		"group_wait: 10s", "group_wait: 1s",
		"group_interval: 5m", "group_interval: 2s",
		"http://127.0.0.1:10148", s.receiver.URL(),
	)
}

// substituted writes a shipped file into a directory, with each old text
// replaced by the new one behind it.
func substituted(t *testing.T, path, dir string, oldNew ...string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	text := string(data)
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			t.Fatalf("%s has no %q", path, oldNew[i])
		}
		text = strings.ReplaceAll(text, oldNew[i], oldNew[i+1])
	}
	to := filepath.Join(dir, filepath.Base(path))
	must(t, os.WriteFile(to, []byte(text), 0o644))
	return to
}

// quoted lists addresses as YAML does.
func quoted(urls ...string) string {
	var list []string
	for _, url := range urls {
		list = append(list, `"`+strings.TrimPrefix(url, "http://")+`"`)
	}
	return strings.Join(list, ", ")
}
