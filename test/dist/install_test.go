package dist

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/checkouttest"
)

// home is where AIPass is: not where the package expects it.
const home = "/home/aipass/AIPass"

// newHost is a root with the package, and a demo host that it has been told of.
func newHost(t *testing.T) root {
	t.Helper()
	r := newRoot(t)
	r.layHost(t)
	r.dpkg(t, "--install", of(t, first).file(t, "*.deb"))
	r.write(t, "/etc/default/aipass", "AIPASS_HOME="+home+"\n")
	return r
}

// layHost has the user lay out a demo host: it names its own paths.
func (r root) layHost(t *testing.T) {
	t.Helper()
	checkouttest.Programs(t, r.path("/home"), "./test/layhost")
	r.run(t, aipass, "/home/layhost", home)
	must(t, os.Remove(r.path("/home/layhost")))
}

// runs has a unit run. Some branches of a demo host are sick: code 1 says so, and
// that the others were seen to.
func (r root) runs(t *testing.T, name string) {
	t.Helper()
	cmd := r.start(t, readUnit(t, r.path("/usr/lib/systemd/system", name+".service")))
	out, err := cmd.CombinedOutput()
	if exit, is := errors.AsType[*exec.ExitError](err); err != nil && (!is || exit.ExitCode() != 1) {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

var units = []string{"aipass-exporter-collect", "aipass-actions-run", "aipass-actions-report"}

func TestAPackageBringsFilesAndStartsNothing(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	before := r.tree(t)
	r.dpkg(t, "--install", of(t, first).file(t, "*.deb"))
	after := r.tree(t)
	for name := range before {
		if before[name] != after[name] {
			t.Errorf("%s was %s, is %s", name, before[name], after[name])
		}
	}
	for name, file := range after {
		if _, was := before[name]; !was && name != "/etc/default" && name != "/etc/default/aipass" && !strings.HasPrefix(name, "/usr/") {
			t.Errorf("there is a %s: %s", name, file)
		}
	}
	for _, program := range programs {
		r.run(t, aipass, "/usr/bin/"+program, "--version")
	}
}

func TestAPackageInstallsAndGoesThoughSystemdDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	must(t, os.MkdirAll(r.path("/run/systemd/system"), 0o755)) // where it says that it runs
	before := r.tree(t)
	r.dpkg(t, "--install", of(t, first).file(t, "*.deb"))
	r.dpkg(t, "--purge", "aipass-exporter")
	if diff := cmp.Diff(before, r.tree(t)); diff != "" {
		t.Errorf("left behind:\n%s", diff)
	}
}

// flags are the lines of the package's /etc/default/aipass that are switched off
// below a comment, as somebody switches them on.
func flags(t *testing.T, comment string) string {
	t.Helper()
	_, lines, found := strings.Cut(read(t, "../../deploy/package/default"), "\n# "+comment+":\n")
	lines, _, _ = strings.Cut(lines, "\n# ")
	if !found || !strings.HasPrefix(lines, "#") {
		t.Fatalf("nothing is said of %q", comment)
	}
	return strings.ReplaceAll("\n"+lines, "\n#", "\n") + "\n"
}

func TestTheInstalledUnitsDoTheirJobs(t *testing.T) {
	t.Parallel()
	r := newHost(t)
	r.write(t, "/etc/default/aipass", "AIPASS_HOME="+home+flags(t, "With node_exporter, the directory that it reads"))
	for _, unit := range units {
		r.runs(t, unit)
	}
	for file, metric := range map[string]string{
		"aipass.prom": "aipass_registry_branches ", "aipass_actions.prom": `aipass_action_last_success_timestamp_seconds{action="report"} `,
	} {
		if text := read(t, r.path("/var/lib/prometheus/node-exporter", file)); !strings.Contains(text, "\n"+metric) {
			t.Errorf("%s has no %s:\n%s", file, metric, text)
		}
	}
	status := r.run(t, aipass, "/usr/bin/aipass-actions", "--aipass.home="+home, "status")
	if !regexp.MustCompile(`(?m)^report .* ok `).MatchString(status) {
		t.Errorf("the report has not been sent:\n%s", status)
	}
	if runs := r.journal(t); len(runs) != 1 {
		t.Errorf("%d runs in the journal, want 1: %v", len(runs), runs)
	}
}

// Both would tell of the same.
func TestWherePrometheusTellsOfAlertsRunsDoNot(t *testing.T) {
	t.Parallel()
	r := newHost(t)
	r.write(t, "/etc/default/aipass", "AIPASS_HOME="+home+flags(t, "Where Prometheus and Alertmanager tell of alerts, runs leave that to them"))
	r.runs(t, "aipass-actions-run")
	if told := r.run(t, aipass, "/usr/bin/aipass-actions", "--aipass.home="+home, "history"); strings.Contains(told, "AIPass") {
		t.Errorf("a run has told\n%s", told)
	}
	if text := read(t, r.path("/var/lib/prometheus/node-exporter/aipass_actions.prom")); text == "" {
		t.Error("aipass_actions.prom is empty")
	}
}

// journal are the runs that can be undone.
func (r root) journal(t *testing.T) []string {
	t.Helper()
	runs, err := filepath.Glob(r.path("/home/aipass/.local/state/aipass-exporter/journal/*"))
	must(t, err)
	return runs
}

// Cron is Debian's; what it does when it starts is enough to see that the block
// finds the installed program.
func TestDebiansCronRunsTheInstalledProgram(t *testing.T) {
	t.Parallel()
	r := newHost(t)
	// A program learns here where it is; this root has no kernel of its own to say so.
	must(t, os.MkdirAll(r.path("/proc/self"), 0o755))
	must(t, os.Symlink("/usr/bin/aipass-actions", r.path("/proc/self/exe")))
	r.run(t, 0, "/usr/bin/aipass-actions", "cron", "install", "--user=aipass", "--aipass.home="+home, "--state.dir=/home/aipass/state")
	cron := r.command(0, find(t, "cron"), "-f", "-L", "15")
	must(t, cron.Start())
	t.Cleanup(func() {
		_ = cron.Process.Signal(syscall.SIGTERM)
		_ = cron.Wait() // its exit status says no more than that it has ended
	})
	await(t, r.path("/home/aipass/state/scheduled.log"), "mailed to ")
}

// patience is for a machine that has much to do.
const patience = 4 * time.Minute

// await waits until a file says something.
func await(t *testing.T, file, word string) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		text, _ := os.ReadFile(file) // there is none yet
		if strings.Contains(string(text), word) {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s: waited in vain for %q in\n%s", file, word, text)
		case <-tick.C:
		}
	}
}
