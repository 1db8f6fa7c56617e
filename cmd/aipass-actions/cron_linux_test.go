package main

import (
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
		"--aipass.path-map=/old home="+s.home, "--rules=my*.yml", "--history.all", "--no-collector.mail", "--log.file="+filepath.Join(s.state, "jobs.log"))
	for job, row := range map[string]struct{ has, hasNot []string }{
		"run":      {[]string{"--stale-new=50h", "--recipient.assistant=@a,@b", "/my*.yml'", " --history.all ", " --no-collector.mail "}, []string{"--to="}},
		"report":   {[]string{"--output=mail", "--as-job", "--to=@x"}, []string{"--stale-new=50h"}},
		"catch-up": {[]string{"--stale-new=50h", "--to=@x"}, []string{"--output"}},
	} {
		line := regexp.MustCompile(`(?m)^.* ` + job + ` .*$`).FindString(table(t))
		for _, has := range append(row.has, "--log.level=warn", "--aipass.home="+s.home, "--state.dir="+s.state, "'--aipass.path-map=/old home="+s.home+"'", ">>"+s.state+"/jobs.log 2>&1") {
			if !strings.Contains(line, has) {
				t.Errorf("%s has no %s: %s", job, has, line)
			}
		}
		for _, hasNot := range append(row.hasNot, "--mail-to", "--log.file", "--min-open", "=true", "=false") {
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

// Root can look after the crontab of the user whose host it is, whose state is
// in the user's own home.
func TestRootInstallsTheBlockForAnother(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root may change another's crontab")
	}
	if !crontabtest.Alone(t) {
		return
	}
	other, err := user.Lookup("daemon")
	if err != nil {
		t.Fatal(err)
	}
	home := newSite(t).home
	cron := func(code int, args ...string) string {
		t.Helper()
		var out, errs clitest.Buffer
		args = append([]string{"cron"}, args...)
		if got := program().Run(t.Context(), args, clitest.System(), &out, &errs); got != code {
			t.Errorf("%v: exit code %d, want %d: %s", args, got, code, errs.String())
		}
		return out.String()
	}
	cron(0, "install", "--user=daemon", "--aipass.home="+home)
	block := cron(0, "show", "--user=daemon")
	for _, want := range []string{"\nMAILTO=daemon\n", "--state.dir=" + other.HomeDir + "/.local/state/aipass-exporter "} {
		if !strings.Contains(block, want) {
			t.Errorf("no %q in\n%s", want, block)
		}
	}
	if mine := table(t); mine != "" {
		t.Errorf("root's own is %s", mine)
	}
	cron(0, "remove", "--user=daemon")
	cron(1, "show", "--user=daemon")
	cron(2, "install", "--user=nobody-of-that-name", "--aipass.home="+home)
}
