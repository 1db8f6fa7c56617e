package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/crontab"
)

const block = "aipass-actions, state in /state"

// machine is the root of a machine with these files, and a crontab.
func machine(t *testing.T, table string, err error, files ...string) *patient {
	t.Helper()
	root := t.TempDir()
	for _, file := range files {
		name, text, _ := strings.Cut(file, "=")
		put(t, filepath.Join(root, name), text)
	}
	return &patient{Doctor: &Doctor{Timeout: time.Minute, Schedule: Schedule{
		Crontab: func(context.Context) (string, error) { return table, err }, Block: block, Machine: root,
	}}}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestWhatStartsTheJobs(t *testing.T) {
	t.Parallel()
	const timer = "etc/systemd/system/timers.target.wants/aipass-actions-run.timer="
	ours := fmt.Sprintf("# BEGIN %[1]s\n0 * * * * x\n# END %[1]s\n", block)
	for name, row := range map[string]struct {
		table string
		err   error
		files []string
		want  Result
		says  string
	}{
		"a block in the crontab":      {ours, nil, nil, OK, "the crontab has the block"},
		"another host's block":        {strings.ReplaceAll(ours, "/state", "/other"), nil, nil, Fault, "nothing starts the jobs"},
		"half a block":                {"# BEGIN " + block + "\n", nil, nil, Fault, "lost one of its marks"},
		"timers, and no cron":         {"", crontab.ErrNoCron, []string{timer}, OK, "systemd has aipass-actions-run.timer"},
		"an entry of the machine's":   {"", nil, []string{"etc/cron.d/aipass=0 * * * * aipass /usr/bin/aipass-actions run\n"}, OK, "cron.d/aipass starts the jobs"},
		"an entry that is a comment":  {"", nil, []string{"etc/cron.d/aipass= # 0 * * * * aipass /usr/bin/aipass-actions run\n"}, Fault, "nothing starts the jobs"},
		"neither":                     {"", nil, nil, Fault, "nothing starts the jobs"},
		"no cron at all":              {"", crontab.ErrNoCron, nil, Fault, "install cron"},
		"a crontab that nobody reads": {"", errors.New("you are not allowed"), nil, Fault, "you are not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := machine(t, row.table, row.err, row.files...)
			check(t, p.schedule(t.Context()), row.want, row.says)
		})
	}
}

func check(t *testing.T, got Step, want Result, says string) {
	t.Helper()
	if got.Result != want || !strings.Contains(got.Detail, says) || (got.Remedy != "") != (want == Fault) {
		t.Errorf("%+v, want %s: %s", got, want, says)
	}
}

func TestWhetherCronRuns(t *testing.T) {
	t.Parallel()
	const gone = 4194305 // no kernel gives out a number so large
	self := os.Getpid()
	for name, row := range map[string]struct {
		files []string
		want  Result
		says  string
	}{
		"by its file":                {[]string{fmt.Sprintf("run/crond.pid=%d\n", self)}, OK, fmt.Sprint("process ", self)},
		"by its name":                {[]string{"proc/1/comm=init\n", fmt.Sprintf("proc/%d/comm=crond\n", self), "proc/version="}, OK, fmt.Sprint("process ", self)},
		"it has ended":               {[]string{fmt.Sprintf("run/crond.pid=%d\n", gone)}, Fault, "has ended"},
		"a file that says nothing":   {[]string{"run/crond.pid=\n"}, Skipped, "cannot be told"},
		"nobody has its name":        {[]string{"proc/1/comm=init\n"}, Fault, "no cron runs"},
		"nobody knows":               {nil, Skipped, "cannot be told"},
		"timers, and systemd":        {[]string{"run/systemd/system/x=", "etc/systemd/system/timers.target.wants/aipass-actions-run.timer="}, Skipped, "systemd runs"},
		"timers, and systemd is not": {[]string{"proc/1/comm=init\n", "etc/systemd/system/timers.target.wants/aipass-actions-run.timer="}, Fault, "no cron runs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, machine(t, "", nil, row.files...).cron(t.Context()), row.want, row.says)
		})
	}
}
