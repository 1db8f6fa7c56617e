package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/crontab"
	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

const otherEntries = "# mine\nMAILTO=me\n*/5 * * * *  backup 50\\% \t\n"

func table(t *testing.T) string {
	t.Helper()
	table, err := crontab.Crontab{}.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func setTable(t *testing.T, text string) {
	t.Helper()
	if err := (crontab.Crontab{}).Write(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

func TestTheBlockIsInstalledShownAndRemoved(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	s := newSite(t)
	if _, errs := s.run(1, "cron", "show"); !strings.Contains(errs, "put it there with aipass-actions cron install") {
		t.Errorf("nothing there: %s", errs)
	}
	setTable(t, otherEntries)
	s.run(0, "cron", "install")
	installed := table(t)
	if !strings.HasPrefix(installed, otherEntries) {
		t.Errorf("other lines have changed:\n%s", installed)
	}
	block, _ := s.run(0, "cron", "show")
	if diff := cmp.Diff(installed, otherEntries+block); diff != "" {
		t.Errorf("-installed +shown:\n%s", diff)
	}
	if out, _ := s.run(0, "cron", "install"); !strings.HasPrefix(out, "nothing changed") || table(t) != installed {
		t.Errorf("twice: %s%s", out, table(t))
	}
	s.run(0, "cron", "remove")
	if diff := cmp.Diff(otherEntries, table(t)); diff != "" {
		t.Errorf("-want +left:\n%s", diff)
	}
	if out, _ := s.run(0, "cron", "remove"); !strings.HasPrefix(out, "nothing changed") {
		t.Errorf("removed twice: %s", out)
	}
}

// Hosts have a state directory each, and so a block each.
func TestTwoHostsStandInOneCrontab(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	one, two := newSite(t), newSite(t)
	one.run(0, "cron", "install")
	alone := table(t)
	two.run(0, "cron", "install")
	both := table(t)
	one.run(0, "cron", "install", "--stale-new=50h")
	if got := strings.ReplaceAll(table(t), " --stale-new=50h", ""); got != both {
		t.Errorf("-want +got:\n%s", cmp.Diff(both, got))
	}
	one.run(0, "cron", "install")
	two.run(0, "cron", "remove")
	if diff := cmp.Diff(alone, table(t)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFlagsAreGivenToTheJobsThatTakeThem(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	s := newSite(t)
	s.run(0, "cron", "install", "--stale-new=50h", "--to=@x", "--recipient.assistant=@a,@b", "--log.level=warn", "--mail-to=root@localhost",
		"--aipass.path-map=/old home="+s.home, "--log.file="+filepath.Join(s.state, "jobs.log"))
	for job, row := range map[string]struct{ has, hasNot []string }{
		"cleanup":  {[]string{"--stale-new=50h", "--recipient.assistant=@a,@b"}, []string{"--to="}},
		"report":   {[]string{"--output=mail", "--to=@x"}, []string{"--stale-new=50h"}},
		"catch-up": {[]string{"--stale-new=50h", "--to=@x"}, []string{"--output"}},
	} {
		line := regexp.MustCompile(`(?m)^.* ` + job + ` .*$`).FindString(table(t))
		for _, has := range append(row.has, "--log.level=warn", "--aipass.home="+s.home, "--state.dir="+s.state, "'--aipass.path-map=/old home="+s.home+"'", ">>"+s.state+"/jobs.log 2>&1") {
			if !strings.Contains(line, has) {
				t.Errorf("%s has no %s: %s", job, has, line)
			}
		}
		for _, hasNot := range append(row.hasNot, "--mail-to", "--log.file", "--min-open") {
			if strings.Contains(line, hasNot) {
				t.Errorf("%s has %s: %s", job, hasNot, line)
			}
		}
	}
	if !strings.Contains(table(t), "\nMAILTO=root@localhost\n") {
		t.Error(table(t))
	}
}

func TestACrontabWithHalfABlockIsLeftAlone(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	s := newSite(t)
	s.run(0, "cron", "install")
	half := regexp.MustCompile(`(?m)^# END .*\n`).ReplaceAllString(table(t), "")
	setTable(t, half)
	for _, command := range []string{"install", "show", "remove"} {
		if _, errs := s.run(1, "cron", command); !strings.Contains(errs, "take it out by hand with crontab -e") {
			t.Errorf("%s: %s", command, errs)
		}
	}
	if table(t) != half {
		t.Error("it has changed")
	}
}

// What deploy/cron shows is what is installed.
func TestTheExampleIsWhatIsInstalled(t *testing.T) {
	t.Parallel()
	if !crontabtest.Alone(t) {
		return
	}
	s := newSite(t)
	s.run(0, "cron", "install", "--mail-to=aipass")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.NewReplacer(
		s.home, "/home/aipass", s.state, "/home/aipass/.local/state/aipass-exporter",
		program, "/usr/local/bin/aipass-actions",
	).Replace(table(t))
	const example = "../../deploy/cron/aipass-actions.crontab"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(example, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// patience is for cron, which looks at the clock once a minute, on a machine
// that has much to do.
const patience = 4 * time.Minute

// Debian's own cron runs an installed block, brought to a run a minute: what was
// missed is done when it starts, the jobs when their time comes, each in turn,
// and once. The names are such that nothing goes well by chance.
func TestDebiansCronRunsTheBlock(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can start cron, for it becomes the users whose jobs it runs")
	}
	if !crontabtest.Alone(t) {
		return
	}
	dir := filepath.Join(t.TempDir(), "100% ours, it's")
	program := filepath.Join(dir, "aipass-actions")
	command(t, "go", "build", "-o", program, ".")
	s := newSite(t)
	home, state := filepath.Join(dir, "home"), filepath.Join(dir, "state")
	if err := os.Rename(s.home, home); err != nil {
		t.Fatal(err)
	}
	s.home = home
	mine := filepath.Join(t.TempDir(), "mine")
	setTable(t, "MINE="+mine+"\n* * * * * echo \"$PATH\" >>\"$MINE\"\n")
	command(t, program, "cron", "install", "--aipass.home="+home, "--state.dir="+state)
	setTable(t, regexp.MustCompile(`(?m)^0 (\*|8) `).ReplaceAllString(table(t), "* * "))
	startCron(t)

	log := filepath.Join(state, "scheduled.log")
	await(t, log, "mailed to DEV_CENTRAL", "DEV_CENTRAL has it already")
	await(t, mine, "bin")
	said, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(said), "opened 1, closed 0, failed 0"); got != 1 {
		t.Errorf("the stale mail was opened %d times:\n%s", got, said)
	}
	dates := s.reports()
	if len(dates) == 0 || len(dates) == 2 && dates[0] == dates[1] || len(dates) > 2 { // it may be midnight
		t.Errorf("reports of %v", dates)
	}
	if bytes.Contains(said, []byte("exit code")) || regexp.MustCompile(`\b(ERROR|CRITICAL)\b`).Match(said) {
		t.Errorf("logged\n%s", said)
	}
	if path, _ := os.ReadFile(mine); strings.Contains(string(path), "/usr/local") {
		t.Errorf("an entry of somebody else's has the block's PATH: %s", path)
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// startCron starts cron, and ends it with the test.
func startCron(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("cron")
	if err != nil {
		path = "/usr/sbin/cron" // which is not in everybody's PATH
	}
	var said clitest.Buffer
	cron := exec.Command(path, "-f", "-L", "15")
	cron.Stdout, cron.Stderr = &said, &said
	if err := cron.Start(); err != nil {
		t.Fatalf("%v: install cron (make test-deps)", err)
	}
	t.Cleanup(func() {
		_ = cron.Process.Signal(syscall.SIGTERM)
		_ = cron.Wait() // its exit status says no more than that it has ended
		if t.Failed() {
			t.Log(said.String())
		}
	})
}

// await waits until a file has all of the words.
func await(t *testing.T, file string, words ...string) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		text, _ := os.ReadFile(file) // there is none yet
		missing := false
		for _, word := range words {
			missing = missing || !strings.Contains(string(text), word)
		}
		if !missing {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s: waited in vain for %q in\n%s", file, words, text)
		case <-tick.C:
		}
	}
}
