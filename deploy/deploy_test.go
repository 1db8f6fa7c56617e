// Package deploy holds no code. Its tests hand what is shipped to the programs
// that it is for.
package deploy

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// find finds a program. Without it nothing is known of what is shipped: that is
// a failure.
func find(t *testing.T, program string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program} { // which is not in everybody's PATH
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not in PATH: install it (make test-deps)", program)
	return ""
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	must(t, err)
	if len(files) == 0 {
		t.Fatalf("no %s", pattern)
	}
	return files
}

// program is where the units look for the programs.
var program = regexp.MustCompile(`/usr/local/bin/aipass-(actions|exporter)\b`)

// The programs are elsewhere on this machine, and their user is none: the rest
// is as shipped.
func TestSystemdHasNothingToSayOfTheUnits(t *testing.T) {
	t.Parallel()
	systemd, dir := find(t, "systemd-analyze"), t.TempDir()
	args := []string{"verify"}
	for _, unit := range append(glob(t, "systemd/*.service"), glob(t, "systemd/*.timer")...) {
		copied := filepath.Join(dir, filepath.Base(unit))
		must(t, os.WriteFile(copied, []byte(program.ReplaceAllString(read(t, unit), find(t, "true"))), 0o644))
		args = append(args, copied)
	}
	if out, err := exec.Command(systemd, args...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// What a program that was taken over could still do, as systemd rates it: 0 is
// nothing, 10 is anything. Who listens needs the network.
func TestServicesMayDoNoMoreThanTheyNeed(t *testing.T) {
	t.Parallel()
	systemd := find(t, "systemd-analyze")
	most := map[string]string{ // in tenths
		"aipass-exporter-collect": "10", "aipass-actions-run": "12", "aipass-actions-report": "12",
		"aipass-exporter-serve": "15", "aipass-actions-webhook": "18",
	}
	for _, service := range glob(t, "systemd/*.service") {
		threshold := most[strings.TrimSuffix(filepath.Base(service), ".service")]
		if out, err := exec.Command(systemd, "security", "--offline=true", "--threshold="+threshold, "--no-pager", service).CombinedOutput(); err != nil {
			t.Errorf("%s: %v, want no more than %s tenths\n%s", service, err, threshold, out)
		}
	}
}

// The exporter writes the textfile and its own state; the home it can only read.
func TestTheExporterCannotWriteToTheHost(t *testing.T) {
	t.Parallel()
	for _, service := range glob(t, "systemd/aipass-exporter-*.service") {
		text := read(t, service)
		for _, line := range []string{"ProtectSystem=strict", "ProtectHome=read-only", "ReadOnlyPaths=-/home/aipass"} {
			if !strings.Contains(text, "\n"+line+"\n") {
				t.Errorf("%s lacks %s", service, line)
			}
		}
		for _, m := range regexp.MustCompile(`(?m)^ReadWritePaths=(.*)$`).FindAllStringSubmatch(text, -1) {
			if m[1] != "-/var/lib/prometheus/node-exporter" {
				t.Errorf("%s may write to %s", service, m[1])
			}
		}
	}
}

// What was missed is done when the machine is on again.
func TestTimersMakeUpForWhatWasMissed(t *testing.T) {
	t.Parallel()
	systemd := find(t, "systemd-analyze")
	want := map[string]string{
		"aipass-exporter-collect": "*-*-* *:00:00", "aipass-actions-run": "*-*-* *:00:00", "aipass-actions-report": "*-*-* 08:00:00",
	}
	for _, timer := range glob(t, "systemd/*.timer") {
		text := read(t, timer)
		if !strings.Contains(text, "\nPersistent=true\n") {
			t.Errorf("%s does not", timer)
		}
		unit := strings.TrimSuffix(filepath.Base(timer), ".timer")
		if _, err := os.Stat(filepath.Join("systemd", unit+".service")); err != nil {
			t.Error(err)
		}
		when := regexp.MustCompile(`(?m)^OnCalendar=(.*)$`).FindStringSubmatch(text)
		if when == nil {
			t.Fatalf("%s: never", timer)
		}
		out, err := exec.Command(systemd, "calendar", when[1]).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Normalized form: "+want[unit]+"\n") {
			t.Errorf("%s: %v, want %s\n%s", timer, err, want[unit], out)
		}
		delete(want, unit)
	}
	if len(want) > 0 {
		t.Errorf("no timers for %v", want)
	}
}

// A rotation is the shipped file with a log of this machine, and its user.
type rotation struct{ program, conf, state, log string }

func newRotation(t *testing.T) rotation {
	t.Helper()
	dir := t.TempDir()
	r := rotation{find(t, "logrotate"), filepath.Join(dir, "conf"), filepath.Join(dir, "state"), filepath.Join(dir, "scheduled.log")}
	self, err := user.Current()
	must(t, err)
	group, err := user.LookupGroupId(self.Gid)
	must(t, err)
	text := strings.ReplaceAll(read(t, "logrotate/aipass-actions"), "/home/aipass/.local/state/aipass-exporter/scheduled.log", r.log)
	text = strings.ReplaceAll(text, "aipass aipass", self.Username+" "+group.Name)
	if os.Getuid() != 0 {
		text = regexp.MustCompile(`(?m)^\s*su .*$`).ReplaceAllString(text, "") // nobody else can become anybody
	}
	must(t, os.WriteFile(r.conf, []byte(text), 0o644))
	return r
}

func (r rotation) run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(r.program, append(args, "-s", r.state, r.conf)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("logrotate %v: %v\n%s", args, err, out)
	}
}

func TestALogThatHasGrownIsRotated(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	must(t, os.WriteFile(r.log, []byte(strings.Repeat("x", 2<<20)), 0o600))
	r.run(t)
	info, err := os.Stat(r.log)
	must(t, err)
	if info.Size() != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the log is %v, %d bytes, want 0600 and none", info.Mode(), info.Size())
	}
	if old, err := os.Stat(r.log + ".1"); err != nil || old.Size() != 2<<20 {
		t.Errorf("what was in it: %v", err)
	}
}

func TestASmallLogIsLeftAndAMissingOneIsNone(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	r.run(t)
	must(t, os.WriteFile(r.log, []byte("little\n"), 0o600))
	r.run(t)
	if got := read(t, r.log); got != "little\n" {
		t.Errorf("the log is %q", got)
	}
}

func TestEightOldLogsAreKept(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	for range 12 {
		must(t, os.WriteFile(r.log, []byte("something\n"), 0o600))
		r.run(t, "-f")
	}
	if old := glob(t, r.log+".*"); len(old) != 8 {
		t.Errorf("kept %v", old)
	}
}
