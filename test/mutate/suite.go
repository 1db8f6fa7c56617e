package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// A suite is a rule file with its tests and mutants.
type suite struct {
	name    string
	rules   rulefile.File
	tests   []rulefile.TestFile
	mutants []mutant
}

// passes says what fails before anything has been made wrong.
func (s suite) passes() error {
	out, err := promtool(s.name, s.rules, s.tests)
	if err != nil {
		return fmt.Errorf("%s fails as it is: %w\n%s", s.name, err, out)
	}
	return nil
}

// kills tells whether a test fails because of a mutant.
func (s suite) kills(m mutant) (bool, error) {
	rules, tests := m.file, s.tests
	if alert := m.rule.Alert; alert != "" { // what is recorded can be anybody's
		rules, tests = without(rules, alert), about(tests, alert)
	}
	out, err := promtool(s.name, rules, tests)
	if err == nil {
		return false, nil
	}
	// Promtool fails no less if it cannot read the rules.
	if !strings.Contains(out, "alertname: ") {
		return false, fmt.Errorf("%s: %s: %w\n%s", m.rule.Name(), m.what, err, out)
	}
	return true, nil
}

// without other alerts than one, promtool has less to do.
func without(f rulefile.File, alert string) rulefile.File {
	groups := slices.Clone(f.Groups)
	for i := range groups {
		groups[i].Rules = slices.DeleteFunc(slices.Clone(groups[i].Rules), func(r rulefile.Rule) bool {
			return r.Alert != "" && r.Alert != alert
		})
	}
	return rulefile.File{Groups: groups}
}

// about leaves only the tests that are about an alert.
func about(files []rulefile.TestFile, alert string) []rulefile.TestFile {
	var left []rulefile.TestFile
	for _, f := range files {
		f.Tests = slices.DeleteFunc(slices.Clone(f.Tests), func(g rulefile.TestGroup) bool {
			return !slices.ContainsFunc(g.AlertTests, func(t rulefile.AlertTest) bool { return t.Alertname == alert })
		})
		for i := range f.Tests {
			f.Tests[i].AlertTests = slices.DeleteFunc(slices.Clone(f.Tests[i].AlertTests), func(t rulefile.AlertTest) bool {
				return t.Alertname != alert
			})
		}
		if len(f.Tests) > 0 {
			left = append(left, f)
		}
	}
	return left
}

// promtool runs tests against rules and returns what it says.
func promtool(name string, rules rulefile.File, tests []rulefile.TestFile) (string, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := rulefile.Write(filepath.Join(dir, name), rules); err != nil {
		return "", err
	}
	args := []string{"test", "rules"}
	for i, t := range tests {
		t.RuleFiles = []string{name}
		file := filepath.Join(dir, fmt.Sprintf("test%d.yml", i))
		if err := rulefile.Write(file, t); err != nil {
			return "", err
		}
		args = append(args, file)
	}
	if len(tests) == 0 {
		return "", nil // nothing fails
	}
	path, err := exec.LookPath("promtool")
	if err != nil {
		return "", fmt.Errorf("%w: install prometheus (make test-deps)", err)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	return string(out), err
}
