package collectors_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/metricspage"
)

// docs/metrics.md is held to what really comes out.

func sections(t *testing.T) []metricspage.Section {
	t.Helper()
	return metricspage.Read(t, filepath.Join("..", "docs", "metrics.md"), metricspage.Exporter)
}

func TestPageSaysWhatEveryMetricIs(t *testing.T) {
	t.Parallel()
	var families []metricspage.Family
	for _, f := range collectors.Families(collectors.All(options)) {
		families = append(families, metricspage.Family{Name: f.Name, Help: f.Help, Type: f.Type.String(), Labels: f.Labels})
	}
	metricspage.Check(t, sections(t), families)
}

// unbounded labels have values that no page can list.
var unbounded = []string{"branch", "email", "profile", "log", "version", "revision", "goversion", "goos", "goarch"}

func TestPageListsEveryValueThatComesOut(t *testing.T) {
	t.Parallel()
	page := map[string]metricspage.Section{}
	for _, s := range sections(t) {
		page[s.Name] = s
	}
	seen := map[string]bool{}
	for _, fleet := range fleets(t) {
		for name, family := range parse(t, write(t, look(t, fleet), collectors.All(options)...)) {
			seen[name] = true
			for _, m := range family.GetMetric() {
				for _, label := range m.GetLabel() {
					known := slices.Contains(unbounded, label.GetName()) || name == "aipass_branch_info" && label.GetName() == "status"
					if value := "`" + label.GetValue() + "`"; !known && !strings.Contains(page[name].Facts, value) {
						t.Errorf("%s: the page does not know %s=%s", name, label.GetName(), value)
					}
				}
			}
		}
	}
	for name := range page {
		if !seen[name] {
			t.Errorf("%s comes out on no fleet: add one that shows it", name)
		}
	}
}

func parse(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// What is written passes Prometheus' own linter as well.
func TestScrapePassesPromtool(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "aipass.prom")
	if err := os.WriteFile(file, []byte(write(t, look(t, "legacy"), collectors.All(options)...)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := promtool("check", "metrics", "<", file); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// promtool runs Debian's; a file after "<" is its standard input.
func promtool(args ...string) (string, error) {
	path, err := exec.LookPath("promtool")
	if err != nil {
		return "", fmt.Errorf("%w: install prometheus (make test-deps)", err)
	}
	cmd := exec.Command(path, args...)
	if n := len(args); n > 2 && args[n-2] == "<" {
		in, err := os.Open(args[n-1])
		if err != nil {
			return "", err
		}
		defer in.Close()
		cmd = exec.Command(path, args[:n-2]...)
		cmd.Stdin = in
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}
