package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// Nothing was done, and nothing will be until somebody says where.
func TestAStateDirectoryThatCannotBeUsedIsNoRun(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"run", "cleanup", "report --output=mail", "catch-up", "undo"} {
		s := newSite(t)
		file := filepath.Join(s.state, "file")
		writeFile(t, file, "no directory")
		s.state = filepath.Join(file, "state")
		out, errs := s.run(2, strings.Fields(command)...)
		if out != "" || strings.Count(errs, "--state.dir: ") != 1 || !strings.Contains(errs, "name another directory") {
			t.Errorf("%s: said %s%s", command, out, errs)
		}
	}
}

func TestACatchUpThatFindsTheStateHeldCouldNotRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lock, err := os.Create(filepath.Join(s.state, lockFile))
	must(t, err)
	defer lock.Close()
	hold(t, lock)
	if _, errs := s.run(2, "catch-up", "--wait=1ms"); strings.Count(errs, "another run is at work") != 1 {
		t.Errorf("said %s", errs)
	}
}

// What one job wants of the state it wants after the other has been done.
func TestACatchUpOfWhichAJobCouldNotBeginDidTheOther(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	failed := map[string]error{reportJob: cli.Usage(errBusy)}
	err := verdict(jobs(), failed, slog.New(slog.NewTextHandler(&log, nil)))
	if !errors.Is(err, cli.ErrSaid) || !strings.Contains(log.String(), `msg="job failed" job=report err="another run is at work"`) {
		t.Errorf("%v, said %s", err, &log)
	}
}

// A run without a registry has its own exit code, and a report has not.
func TestACatchUpThatDidNothingSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put("BRANCH_REGISTRY.json", `{"branches": `)
	long := halfPastNine(1)
	must(t, os.Chtimes(filepath.Join(s.home, "BRANCH_REGISTRY.json"), long, long))
	_, errs := s.run(2, "catch-up")
	if !strings.Contains(errs, `msg="job failed" job=report`) || !strings.Contains(errs, "aipass-actions: the registry cannot be used") {
		t.Errorf("said %s", errs)
	}
}

// Both hosts have a FLOW: figures and alerts of one would be told of the other.
func TestAReportThatIsPrintedTakesNoOtherHostsState(t *testing.T) {
	t.Parallel()
	one, two := newSite(t), newSite(t)
	one.run(0, "run", "--skip=cleanup")
	two.state = one.state
	out, errs := two.run(2, "report")
	if out != "" || !strings.Contains(errs, "this state is that of "+one.home) {
		t.Errorf("said %s%s", out, errs)
	}
}

func TestPartsToSkipMayHaveBlanksBetweenThem(t *testing.T) {
	t.Parallel()
	s := newRunSite(t)
	s.run(0, "run", "--skip=cleanup, notify")
	if state := s.readState(); state.MailCleanup.Stats.AutoOpened != 0 || len(s.told("flow")) != 0 {
		t.Errorf("opened %d, told %v", state.MailCleanup.Stats.AutoOpened, s.told("flow"))
	}
}
