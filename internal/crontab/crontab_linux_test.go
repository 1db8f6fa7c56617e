package crontab

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

// These are about Debian's crontab(1), on crontabs of their own.

const others = "# mine\n\nMAILTO=me\n*/5 * * * *  backup --to='x y' 50\\% \t\n@daily true\n"

func write(t *testing.T, table string) {
	t.Helper()
	must(t, Crontab{}.Write(t.Context(), table))
}

func read(t *testing.T) string {
	t.Helper()
	table, err := Crontab{}.Read(t.Context())
	must(t, err)
	return table
}

func TestACrontabIsReadAndWrittenByteForByte(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	if got := read(t); got != "" {
		t.Errorf("there is one: %q", got)
	}
	for _, table := range []string{others, "# only a comment\n", "@hourly true\n"} {
		write(t, table)
		if diff := cmp.Diff(table, read(t)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	write(t, "")
	out, err := exec.Command("crontab", "-l").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no crontab for") {
		t.Errorf("an empty one is left: %v %s", err, out)
	}
}

func TestABlockComesAndGoesWithoutATrace(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	write(t, others)
	line, err := Line("0 8 * * *", "echo 100% of it")
	must(t, err)
	table, err := Put(read(t), Block{"jobs", []string{"PATH=/bin", line}})
	must(t, err)
	write(t, table)
	if got := read(t); !strings.HasPrefix(got, others) || !strings.Contains(got, `0 8 * * * echo 100\% of it`) {
		t.Errorf("got %s", got)
	}
	table, err = Remove(read(t), "jobs")
	must(t, err)
	write(t, table)
	if diff := cmp.Diff(others, read(t)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Whatever else crontab(1) says is an error, and what it did not want is not
// half there.
func TestWhatCrontabDoesNotWantIsSaidAndChangesNothing(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	write(t, others)
	for name, row := range map[string]struct{ table, want string }{
		"no schedule": {"whenever true\n", "write the crontab: exit status 1: .*bad minute"},
		"no end":      {"@daily true", "write the crontab: exit status 1: .*newline"},
	} {
		err := Crontab{}.Write(t.Context(), row.table)
		if err == nil || !matches(row.want, err.Error()) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
		if diff := cmp.Diff(others, read(t)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// A crontab that cannot be read is not taken for an empty one, which would be
// written over it.
func TestACrontabThatCannotBeReadIsNotEmpty(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	write(t, others)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if table, err := (Crontab{}).Read(over); !errors.Is(err, context.Canceled) {
		t.Errorf("without time: %q, %v", table, err)
	}
	if table, err := (Crontab{User: "nobody-of-that-name"}).Read(t.Context()); err == nil || !strings.Contains(err.Error(), "read the crontab: exit status 1: ") {
		t.Errorf("an unknown user: %q, %v", table, err)
	}
}

func TestAMachineWithoutCronSaysSo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Crontab{}.Read(t.Context())
	if err == nil || !strings.Contains(err.Error(), "install cron, or use the timers") {
		t.Errorf("got %v", err)
	}
}
