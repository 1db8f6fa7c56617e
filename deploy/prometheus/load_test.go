// Package prometheus holds tests of the alert rules: that promtool finds no
// fault in them, that they ask for metrics that exist, that each alert is tested
// on both sides, says who has to do what, and has a page that helps him.
//
// There is no product code here.
package prometheus

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// rules are those of all files, in order.
func rules(t *testing.T) []rulefile.Rule {
	t.Helper()
	var all []rulefile.Rule
	for _, path := range glob(t, "rules/*.yml") {
		f, err := rulefile.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range f.Groups {
			all = append(all, g.Rules...)
		}
	}
	if len(all) == 0 {
		t.Fatal("no rules")
	}
	return all
}

func alerts(t *testing.T) []rulefile.Rule {
	t.Helper()
	return slices.DeleteFunc(rules(t), func(r rulefile.Rule) bool { return r.Alert == "" })
}

// ruleTests are the groups of all files of tests.
func ruleTests(t *testing.T) []rulefile.TestGroup {
	t.Helper()
	var all []rulefile.TestGroup
	for _, path := range glob(t, "tests/*_test.yml") {
		f, err := rulefile.ReadTests(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f.Tests...)
	}
	return all
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: found %q, %v", pattern, paths, err)
	}
	return paths
}

func parse(t *testing.T, r rulefile.Rule) rulefile.Expr {
	t.Helper()
	e, err := rulefile.Parse(r.Expr)
	if err != nil {
		t.Fatalf("%s: %v", r.Name(), err)
	}
	return e
}

// A sample is a line of a scrape.
type sample struct {
	metric string
	labels map[string]string
	value  string
}

// A scrape is what Prometheus gets to see.
type scrape struct {
	samples []sample
	types   map[string]string // by family
}

var (
	sampleForm = regexp.MustCompile(`(?m)^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$`)
	labelForm  = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)
	typeForm   = regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`)
)

func parseScrape(t *testing.T, text string) scrape {
	t.Helper()
	s := scrape{types: map[string]string{}}
	for _, m := range sampleForm.FindAllStringSubmatch(text, -1) {
		s.samples = append(s.samples, sample{m[1], parseLabels(t, m[2]), m[3]})
	}
	for _, m := range typeForm.FindAllStringSubmatch(text, -1) {
		s.types[m[1]] = m[2]
	}
	return s
}

func parseLabels(t *testing.T, text string) map[string]string {
	t.Helper()
	labels := map[string]string{}
	for _, m := range labelForm.FindAllStringSubmatch(text, -1) {
		value, err := strconv.Unquote(`"` + m[2] + `"`)
		if err != nil {
			t.Fatalf("%s: %v", m[0], err)
		}
		labels[m[1]] = value
	}
	return labels
}

// labelNames are those that series of a metric have, and nil without series.
func (s scrape) labelNames(metric string) map[string]bool {
	var names map[string]bool
	for _, x := range s.samples {
		if x.metric == metric {
			if names == nil {
				names = map[string]bool{}
			}
			for name := range maps.Keys(x.labels) {
				names[name] = true
			}
		}
	}
	return names
}

// values are all that a label has, whatever the metric.
func (s scrape) values(label string) map[string]bool {
	values := map[string]bool{}
	for _, x := range s.samples {
		if value, has := x.labels[label]; has {
			values[value] = true
		}
	}
	return values
}
