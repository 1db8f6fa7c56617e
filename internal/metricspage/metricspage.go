// Package metricspage holds docs/metrics.md to what the programs really write:
// every metric has a section, and the section says its type, unit, labels,
// meaning and an example query that Prometheus understands.
//
// It is for tests.
package metricspage

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
)

// A Family is what a program says of a metric.
type Family struct {
	Name, Help, Type string
	Labels           []string
}

// A Section is what the page says of one.
type Section struct{ Name, Facts, Text, Query string }

// The parts of the page, by their first headings.
const (
	Exporter = "# Metrics"
	Actions  = "# Metrics of aipass-actions"
	Webhook  = "# Metrics of aipass-actions webhook"
)

var sectionForm = regexp.MustCompile("(?s)### `(\\w+)`\n\n([^\n]+)\n\n([^\n]+)\n\n```promql\n([^`]+)\n```\n")

// Read returns the sections of a part of the page, which is at a path.
func Read(t testing.TB, page, part string) []Section {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, found, ok := strings.Cut("\n"+string(text), "\n"+part+"\n")
	if !ok {
		t.Fatalf("%s has no part %q", page, part)
	}
	found, _, _ = strings.Cut(found, "\n# ")
	var sections []Section
	for _, m := range sectionForm.FindAllStringSubmatch(found, -1) {
		sections = append(sections, Section{m[1], m[2], m[3], m[4]})
	}
	return sections
}

// Check compares sections with the families that they are about.
func Check(t *testing.T, sections []Section, families []Family) {
	t.Helper()
	var want, got []string
	for _, f := range families {
		want = append(want, f.Name)
	}
	for _, s := range sections {
		got = append(got, s.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("-program +page:\n%s", diff)
	}
	for i, f := range families {
		checkOne(t, sections[i], f, families)
	}
	checkQueries(t, sections)
}

func checkOne(t *testing.T, s Section, f Family, families []Family) {
	t.Helper()
	kind, _, _ := strings.Cut(s.Facts, ";")
	if !strings.EqualFold(kind, f.Type) {
		t.Errorf("%s: the page calls it a %s, it is a %s", f.Name, kind, f.Type)
	}
	if !strings.Contains(s.Facts, "; unit: ") {
		t.Errorf("%s: the page names no unit", f.Name)
	}
	if got := labelsIn(s.Facts, families); !slices.Equal(got, f.Labels) {
		t.Errorf("%s: the page has labels %q, the program %q", f.Name, got, f.Labels)
	}
	if !strings.HasPrefix(s.Text, f.Help) {
		t.Errorf("%s: the page does not begin with the help text %q", f.Name, f.Help)
	}
}

// labelsIn finds the names among names and values: values follow a colon.
func labelsIn(facts string, families []Family) []string {
	_, list, _ := strings.Cut(facts, "labels: ")
	list = regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(list, "")
	var labels []string
	values := false
	for _, m := range regexp.MustCompile("`(\\w+)`(:?)").FindAllStringSubmatch(list, -1) {
		known := slices.ContainsFunc(families, func(f Family) bool { return slices.Contains(f.Labels, m[1]) })
		if known && (!values || m[2] == ":" || m[1] == "log") {
			labels = append(labels, m[1])
			values = m[2] == ":"
		}
	}
	return labels
}

// checkQueries asks Prometheus' own tool whether the examples are PromQL.
func checkQueries(t *testing.T, sections []Section) {
	t.Helper()
	var rules strings.Builder
	rules.WriteString("groups:\n- name: examples\n  rules:\n")
	for i, s := range sections {
		if !strings.Contains(s.Query, s.Name) {
			t.Errorf("%s: the example asks for something else: %s", s.Name, s.Query)
		}
		fmt.Fprintf(&rules, "  - record: example_%d\n    expr: %q\n", i, s.Query)
	}
	file := filepath.Join(t.TempDir(), "examples.yml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatalf("%v: install prometheus (make test-deps)", err)
	}
	if out, err := exec.Command(promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
