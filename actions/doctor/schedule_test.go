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

// machine is the root of a machine with these files, and a crontab. What begins
// as a program does is one.
func machine(t *testing.T, table string, err error, files ...string) *patient {
	t.Helper()
	root := t.TempDir()
	for _, file := range files {
		name, text, _ := strings.Cut(file, "=")
		put(t, filepath.Join(root, name), text)
		if strings.HasPrefix(text, "#!") {
			if err := os.Chmod(filepath.Join(root, name), 0o755); err != nil {
				t.Fatal(err)
			}
		}
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

const (
	program  = "usr/bin/aipass-actions=#!/bin/sh"
	wants    = "etc/systemd/system/timers.target.wants/"
	runs     = wants + "aipass-actions-run.timer="
	reports  = wants + "aipass-actions-report.timer="
	ourLines = `SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
0 * * * * mkdir -p -m 700 /state && /usr/bin/aipass-actions run --state.dir=/state >>/state/scheduled.log 2>&1 || echo "aipass-actions run: exit code $?, see" /state/scheduled.log
0 8 * * * /usr/bin/aipass-actions report --output=mail --state.dir=/state
@reboot /usr/bin/aipass-actions catch-up --state.dir=/state
`
)

// ours is the block, with some of it changed.
func ours(oldnew ...string) string {
	return fmt.Sprintf("# BEGIN %[1]s\n%[2]s# END %[1]s\n", block, strings.NewReplacer(oldnew...).Replace(ourLines))
}

func TestWhatStartsTheJobs(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		table string
		err   error
		files []string
		want  Result
		says  string
	}{
		"a block in the crontab":         {ours(), nil, []string{program}, OK, "the crontab has the block"},
		"by a name that PATH finds":      {ours("/usr/bin/aipass", "aipass"), nil, []string{program}, OK, "the crontab has the block"},
		"by a name that wants quotes":    {ours("/usr/bin/aipass-actions", `'/opt/100\% it'"'"'s/aipass-actions'`), nil, []string{"opt/100% it's/aipass-actions=#!/bin/sh"}, OK, "the crontab has the block"},
		"a home that a shell fills in":   {ours("run ", "run --aipass.home=$HOME "), nil, []string{program}, OK, "the crontab has the block"},
		"another host's block":           {strings.ReplaceAll(ours(), "in /state", "in /other"), nil, nil, Fault, "nothing starts the jobs"},
		"half a block":                   {"# BEGIN " + block + "\n", nil, nil, Fault, "lost one of its marks"},
		"a block of comments":            {ours("0 ", "#0 ", "@reboot", "#@reboot"), nil, []string{program}, Fault, "which starts no run"},
		"a block without the run":        {ours("0 * * * *", "#0 * * * *"), nil, []string{program}, Fault, "which starts no run"},
		"a run at the start alone":       {ours("0 * * * *", "@reboot"), nil, []string{program}, Fault, "which starts no run"},
		"a block whose program is gone":  {ours(), nil, nil, Fault, "/usr/bin/aipass-actions: no such file"},
		"a program that nobody finds":    {ours("/usr/bin/aipass", "aipass", ":/usr/bin:", ":"), nil, []string{program}, Fault, "there is no aipass-actions in PATH=/usr/local/bin:/bin"},
		"a program that may not start":   {ours(), nil, []string{"usr/bin/aipass-actions=text"}, Fault, "permission denied"},
		"a directory in its place":       {ours(), nil, []string{"usr/bin/aipass-actions/x="}, Fault, "aipass-actions is no file"},
		"a block about another home":     {ours("run ", "run '--aipass.home=/an other' "), nil, []string{program}, Fault, "which is about /an other"},
		"a home that the block sets":     {ours("SHELL=/bin/sh", "AIPASS_HOME=/another"), nil, []string{program}, Fault, "which is about /another"},
		"a block of no use, and timers":  {ours(), nil, []string{runs}, OK, "systemd has aipass-actions-run.timer"},
		"timers, and no cron":            {"", crontab.ErrNoCron, []string{runs, reports}, OK, "systemd has aipass-actions-report.timer, aipass-actions-run.timer"},
		"a timer of the report's alone":  {"", crontab.ErrNoCron, []string{reports}, Fault, "and not aipass-actions-run.timer"},
		"an entry of the machine's":      {"", nil, []string{program, "etc/cron.d/aipass=0 * * * * aipass /usr/bin/aipass-actions run\n"}, OK, "cron.d/aipass starts the jobs"},
		"an entry behind other programs": {"", nil, []string{program, "etc/crontab=@hourly aipass cd / && nice -n 10 aipass-actions --log.level=warn run\n"}, OK, "crontab starts the jobs"},
		"an entry that is a comment":     {"", nil, []string{program, "etc/cron.d/aipass= # 0 * * * * aipass /usr/bin/aipass-actions run\n"}, Fault, "nothing starts the jobs"},
		"an entry for something else":    {"", nil, []string{program, "etc/cron.d/aipass=@reboot aipass /usr/bin/aipass-actions webhook\n"}, Fault, "nothing starts the jobs"},
		"an entry of another program's":  {"", nil, []string{program, "etc/cron.d/backup=@daily root /usr/bin/backup run --of=/etc/aipass-actions \n"}, Fault, "nothing starts the jobs"},
		"an entry for the report alone":  {"", nil, []string{program, "etc/cron.d/aipass=0 8 * * * aipass /usr/bin/aipass-actions report\n"}, Fault, "which starts no run"},
		"an entry whose program is gone": {"", nil, []string{"etc/cron.d/aipass=0 * * * * aipass /usr/bin/aipass-actions run\n"}, Fault, "no such file"},
		"an entry about another home":    {"", nil, []string{program, "etc/cron.d/aipass=0 * * * * aipass AIPASS_HOME=/another /usr/bin/aipass-actions run\n"}, Fault, "which is about /another"},
		"neither":                        {"", nil, nil, Fault, "nothing starts the jobs"},
		"no cron at all":                 {"", crontab.ErrNoCron, nil, Fault, "install cron"},
		"a crontab that nobody reads":    {"", errors.New("you are not allowed"), nil, Fault, "you are not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := machine(t, row.table, row.err, row.files...)
			check(t, p.schedule(t.Context()), row.want, row.says)
		})
	}
}

// A unit that was taken away leaves its link behind.
func TestATimerThatIsGoneStartsNothing(t *testing.T) {
	t.Parallel()
	p := machine(t, "", nil, wants+"x=")
	if err := os.Symlink("/nowhere", filepath.Join(p.Schedule.Machine, strings.TrimSuffix(runs, "="))); err != nil {
		t.Fatal(err)
	}
	check(t, p.schedule(t.Context()), Fault, "nothing starts the jobs")
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
		"another has its number":     {[]string{fmt.Sprintf("run/crond.pid=%d\n", self), fmt.Sprintf("proc/%d/comm=bash\n", self)}, Fault, "has ended"},
		"another has begun since":    {[]string{fmt.Sprintf("run/crond.pid=%d\n", gone), fmt.Sprintf("proc/%d/comm=cron\n", self)}, OK, fmt.Sprint("process ", self)},
		"one of two has ended":       {[]string{fmt.Sprintf("run/cron.pid=%d\n", self), fmt.Sprintf("run/crond.pid=%d\n", gone), fmt.Sprintf("proc/%d/comm=cron\n", self)}, OK, fmt.Sprint("process ", self)},
		"nobody may see its name":    {[]string{fmt.Sprintf("run/crond.pid=%d\n", self), "proc/1/comm=init\n"}, OK, fmt.Sprint("process ", self)},
		"a timer of the report's":    {[]string{"run/systemd/system/x=", reports, "proc/1/comm=init\n"}, Fault, "no cron runs"},
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
