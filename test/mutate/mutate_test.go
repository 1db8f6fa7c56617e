package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

const oneRule = `
groups:
  - name: kitchen
    rules:
      - alert: KettleHot
        expr: kettle_celsius{room="kitchen"} > 90
        for: 5m
        labels: {severity: warning}
        annotations: {summary: Hot.}
`

// A test that looks at both sides of everything.
const strong = `
rule_files: [../rules/kitchen.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'kettle_celsius{room="kitchen", stove="at"}', values: 90x10}
      - {series: 'kettle_celsius{room="kitchen", stove="above"}', values: 91x10}
      - {series: 'kettle_celsius{room="forge"}', values: 900x10}
    alert_rule_test:
      - {eval_time: 4m, alertname: KettleHot}
      - eval_time: 5m
        alertname: KettleHot
        exp_alerts:
          - {exp_labels: {severity: warning, room: kitchen, stove: above}, exp_annotations: {summary: Hot.}}
`

// A test that only sees it fire.
const weak = `
rule_files: [../rules/kitchen.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'kettle_celsius{room="kitchen"}', values: 100x10}
    alert_rule_test:
      - eval_time: 8m
        alertname: KettleHot
        exp_alerts:
          - {exp_labels: {severity: warning, room: kitchen}, exp_annotations: {summary: Hot.}}
`

func TestStrongTestsKillEveryMutant(t *testing.T) {
	t.Parallel()
	out, err := mutate(t, oneRule, strong)
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if want := "all              13 mutants,   13 killed\n"; !strings.HasSuffix(out, want) {
		t.Errorf("got %s, want %s", out, want)
	}
}

func TestSurvivorsAreNamed(t *testing.T) {
	t.Parallel()
	out, err := mutate(t, oneRule, weak)
	want := `survived  KettleHot: ="kitchen" -> =~".*"
survived  KettleHot: > -> >=
survived  KettleHot: 90 -> 91
survived  KettleHot: 90 -> (89)
survived  KettleHot: for 5m -> ""
survived  KettleHot: for 5m -> "360s"
survived  KettleHot: for 5m -> "240s"
kitchen.yml      13 mutants,    6 killed
all              13 mutants,    6 killed
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err == nil || err.Error() != "7 mutants survived" {
		t.Errorf("got %v", err)
	}
}

func TestTestsMustPassAtFirst(t *testing.T) {
	t.Parallel()
	out, err := mutate(t, strings.ReplaceAll(oneRule, "90", "80"), strong)
	if err == nil || !strings.Contains(err.Error(), "fails as it is") {
		t.Errorf("got %v and %s", err, out)
	}
}

func TestRulesWithoutTestsAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := mutate(t, oneRule, ""); err == nil || !strings.Contains(err.Error(), "has no tests") {
		t.Errorf("got %v", err)
	}
}

// mutate runs the program on a directory with one rule file.
func mutate(t *testing.T, rules, tests string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"rules/kitchen.yml": rules, "tests/kitchen_test.yml": tests} {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	err := run([]string{"--dir=" + dir}, &out)
	return out.String(), err
}

// What differs only on the threshold does not count where nothing ever is on it.
func TestExpressionsThatAreMadeWrong(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][]string{
		`a > 5`:      {`a < 5`, `a >= 5`, `a > 6`, `a > (4)`},
		`a == 0.5`:   {`a != 0.5`, `a == 0.505`, `a == (0.495)`},
		`vector(1)`:  nil,
		`a unless b`: {`a and b`},
		`a{b!="c"}`:  {`a{b="c"}`, `a{b=~".*"}`},
		`increase(a[2h]) < 1`: {
			`increase(a[14400s]) < 1`, `increase(a[3600s]) < 1`, `increase(a[2h]) > 1`,
			`increase(a[2h]) <= 1`, `increase(a[2h]) < 2`, `increase(a[2h]) < (0)`,
		},
		`predict_linear(a[1d], 60) > b`: {
			`predict_linear(a[172800s], 60) > b`, `predict_linear(a[43200s], 60) > b`,
			`predict_linear(a[1d], 61) > b`, `predict_linear(a[1d], (59)) > b`, `predict_linear(a[1d], 60) < b`,
		},
	} {
		edits, err := exprs(expr)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range edits {
			got = append(got, e.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", expr, got, want)
		}
	}
}

func TestMutantsDifferFromTheRuleInOneThing(t *testing.T) {
	t.Parallel()
	f := rulefile.File{Groups: []rulefile.Group{{Rules: []rulefile.Rule{{Alert: "A", Expr: "a > 1", Labels: map[string]string{"x": "y"}}}}}}
	before := f.Groups[0].Rules[0].Labels["x"]
	all, err := mutants(f)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all {
		if cmp.Equal(f, m.file) {
			t.Errorf("%s changes nothing", m.what)
		}
		for _, other := range all[:i] {
			if cmp.Equal(other.file, m.file) {
				t.Errorf("%s and %s are the same", other.what, m.what)
			}
		}
	}
	if f.Groups[0].Rules[0].Labels["x"] != before {
		t.Error("the rule itself has been changed")
	}
}
