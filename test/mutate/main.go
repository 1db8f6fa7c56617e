// Mutate finds out what the tests of the alert rules would not notice. It makes
// one thing wrong with one rule, asks promtool whether the tests fail, and goes
// on with the next: operators, thresholds, windows, matchers, labels,
// annotations, for, keep_firing_for, and whole rules.
//
// A mutant that no test kills is printed, and the exit code is 1. The tests of
// rules/X.yml are tests/X_test.yml and tests/X_*_test.yml.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	app := kingpin.New("mutate", "Finds out what the tests of alert rules would not notice.")
	dir := app.Flag("dir", "Where rules/ and tests/ are.").Default("deploy/prometheus").ExistingDir()
	atOnce := app.Flag("at-once", "How many promtools run at once.").Default("2").Int()
	if _, err := app.Parse(args); err != nil {
		return err
	}
	if *atOnce < 1 {
		return errors.New("--at-once must be 1 or more")
	}
	files, err := filepath.Glob(filepath.Join(*dir, "rules", "*.yml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s has no rules", *dir)
	}
	total, alive := 0, 0
	for _, file := range files {
		s, err := newSuite(file)
		if err != nil {
			return err
		}
		survivors, err := s.fight(*atOnce)
		if err != nil {
			return err
		}
		for _, m := range survivors {
			fmt.Fprintf(stdout, "survived  %s: %s\n", m.rule.Name(), m.what)
		}
		fmt.Fprintf(stdout, "%-14s %4d mutants, %4d killed\n", filepath.Base(file), len(s.mutants), len(s.mutants)-len(survivors))
		total, alive = total+len(s.mutants), alive+len(survivors)
	}
	fmt.Fprintf(stdout, "%-14s %4d mutants, %4d killed\n", "all", total, total-alive)
	if alive > 0 {
		return fmt.Errorf("%d mutants survived", alive)
	}
	return nil
}

// fight runs the tests against each mutant and returns the survivors.
func (s suite) fight(atOnce int) ([]mutant, error) {
	if err := s.passes(); err != nil {
		return nil, err
	}
	killed := make([]bool, len(s.mutants))
	errs := make([]error, len(s.mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for i := range next {
				killed[i], errs[i] = s.kills(s.mutants[i])
			}
		})
	}
	for i := range s.mutants {
		next <- i
	}
	close(next)
	workers.Wait()
	var survivors []mutant
	for i, m := range s.mutants {
		if !killed[i] {
			survivors = append(survivors, m)
		}
	}
	return survivors, errors.Join(errs...)
}

// newSuite reads a rule file and its tests.
func newSuite(path string) (suite, error) {
	rules, err := rulefile.Read(path)
	if err != nil {
		return suite{}, err
	}
	s := suite{name: filepath.Base(path), rules: rules}
	if s.mutants, err = mutants(rules); err != nil {
		return suite{}, fmt.Errorf("%s: %w", path, err)
	}
	stem := strings.TrimSuffix(s.name, ".yml")
	dir := filepath.Join(filepath.Dir(path), "..", "tests")
	for _, form := range []string{stem + "_test.yml", stem + "_*_test.yml"} {
		found, err := filepath.Glob(filepath.Join(dir, form))
		if err != nil {
			return suite{}, err
		}
		for _, path := range found {
			tests, err := rulefile.ReadTests(path)
			if err != nil {
				return suite{}, err
			}
			s.tests = append(s.tests, tests)
		}
	}
	if len(s.tests) == 0 {
		return suite{}, fmt.Errorf("%s has no tests", path)
	}
	return s, nil
}
