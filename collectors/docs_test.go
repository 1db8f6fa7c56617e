package collectors_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/aiosai/aipass-exporter/collectors"
)

// docs/metrics.md is held to what really comes out.

// A section is what the page says of one metric.
type section struct{ name, facts, text, query string }

var sectionForm = regexp.MustCompile("(?s)### `(\\w+)`\n\n([^\n]+)\n\n([^\n]+)\n\n```promql\n([^`]+)\n```\n")

func sections(t *testing.T) []section {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []section
	for _, m := range sectionForm.FindAllStringSubmatch(string(page), -1) {
		all = append(all, section{m[1], m[2], m[3], m[4]})
	}
	return all
}

func TestPageHasEveryMetricAndNoOther(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, f := range collectors.Families(collectors.All(options)) {
		want = append(want, f.Name)
	}
	for _, s := range sections(t) {
		got = append(got, s.name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-program +docs/metrics.md:\n%s", diff)
	}
}

func TestPageSaysTypeLabelsAndMeaning(t *testing.T) {
	t.Parallel()
	page := map[string]section{}
	for _, s := range sections(t) {
		page[s.name] = s
	}
	for _, f := range collectors.Families(collectors.All(options)) {
		s := page[f.Name]
		kind, _, _ := strings.Cut(s.facts, ";")
		if !strings.EqualFold(kind, f.Type.String()) {
			t.Errorf("%s: the page calls it a %s, it is a %s", f.Name, kind, f.Type)
		}
		if !strings.Contains(s.facts, "; unit: ") {
			t.Errorf("%s: the page names no unit", f.Name)
		}
		if got := labelsIn(s.facts); !slices.Equal(got, f.Labels) {
			t.Errorf("%s: the page has labels %q, the program %q", f.Name, got, f.Labels)
		}
		if !strings.HasPrefix(s.text, f.Help) {
			t.Errorf("%s: the page does not begin with the help text %q", f.Name, f.Help)
		}
	}
}

// labelsIn finds the names among names and values: values follow a colon.
func labelsIn(facts string) []string {
	_, list, _ := strings.Cut(facts, "labels: ")
	list = regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(list, "")
	var labels []string
	values := false
	for _, m := range regexp.MustCompile("`(\\w+)`(:?)").FindAllStringSubmatch(list, -1) {
		if isLabel(m[1]) && (!values || m[2] == ":" || m[1] == "log") {
			labels = append(labels, m[1])
			values = m[2] == ":"
		}
	}
	return labels
}

func isLabel(name string) bool {
	for _, f := range collectors.Families(collectors.All(options)) {
		if slices.Contains(f.Labels, name) {
			return true
		}
	}
	return false
}

// unbounded labels have values that no page can list.
var unbounded = []string{"branch", "email", "profile", "log", "version", "revision", "goversion", "goos", "goarch"}

func TestPageListsEveryValueThatComesOut(t *testing.T) {
	t.Parallel()
	page := map[string]section{}
	for _, s := range sections(t) {
		page[s.name] = s
	}
	seen := map[string]bool{}
	for _, fleet := range fleets(t) {
		for name, family := range parse(t, write(t, look(t, fleet), collectors.All(options)...)) {
			seen[name] = true
			for _, m := range family.GetMetric() {
				for _, label := range m.GetLabel() {
					known := slices.Contains(unbounded, label.GetName()) || name == "aipass_branch_info" && label.GetName() == "status"
					if value := "`" + label.GetValue() + "`"; !known && !strings.Contains(page[name].facts, value) {
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

// The example queries are PromQL, says Prometheus' own tool.
func TestPageQueriesAreValid(t *testing.T) {
	t.Parallel()
	var rules strings.Builder
	rules.WriteString("groups:\n- name: examples\n  rules:\n")
	for i, s := range sections(t) {
		if !strings.Contains(s.query, s.name) {
			t.Errorf("%s: the example asks for something else: %s", s.name, s.query)
		}
		fmt.Fprintf(&rules, "  - record: example_%d\n    expr: %q\n", i, s.query)
	}
	file := filepath.Join(t.TempDir(), "examples.yml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := promtool("check", "rules", file); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
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
