package prometheus

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

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

func parse(t *testing.T, r rulefile.Rule) parser.Expr {
	t.Helper()
	e, err := rulefile.Parse(r.Expr)
	if err != nil {
		t.Fatalf("%s: %v", r.Name(), err)
	}
	return e
}
