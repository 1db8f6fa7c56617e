package dist

import (
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// The units let the kernel refuse what they do not need. A job that needs it after
// all would fail on a real host only: here strace(1) says what each asks for.
func TestNoJobAsksForWhatItsUnitRefuses(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	home, state := filepath.Join(t.TempDir(), "AIPass"), t.TempDir()
	must(t, demohost.Lay(home, time.Now()))
	for _, name := range units {
		u := readUnit(t, filepath.Join(unpacked, "deploy", "systemd", name+".service"))
		here := strings.NewReplacer("/usr/local/bin", unpacked, "/var/lib/prometheus/node-exporter", state, "/var/lib/aipass-exporter", state)
		words := u.command(u.environment(""))
		for i := range words {
			words[i] = here.Replace(words[i])
		}
		trace := filepath.Join(t.TempDir(), "trace")
		cmd := exec.Command(find(t, "strace"), append([]string{"-f", "-o", trace}, words...)...)
		cmd.Env = []string{"HOME=" + state, "AIPASS_HOME=" + home}
		out, err := cmd.CombinedOutput()
		if exit, is := errors.AsType[*exec.ExitError](err); err != nil && (!is || exit.ExitCode() != 1) {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
		allowed, called := u.syscalls(t), calls(t, trace)
		if len(called) < 10 {
			t.Fatalf("strace saw %v only", called)
		}
		for call := range called {
			if !allowed[call] {
				t.Errorf("%s asks for %s, which the unit refuses", name, call)
			}
		}
	}
}

// calls are the system calls that strace wrote down.
func calls(t *testing.T, trace string) map[string]bool {
	t.Helper()
	called := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\d+ +(\w+)\(`).FindAllStringSubmatch(read(t, trace), -1) {
		called[m[1]] = true
	}
	return called
}

// syscalls are those that a unit leaves: its filters, in their order.
func (u unit) syscalls(t *testing.T) map[string]bool {
	t.Helper()
	allowed := map[string]bool{}
	for filter := range strings.Lines(u["SystemCallFilter"]) {
		list, refused := strings.CutPrefix(strings.TrimSpace(filter), "~")
		for group := range strings.FieldsSeq(list) {
			for call := range syscallGroup(t, group) {
				allowed[call] = !refused
			}
		}
	}
	return allowed
}

// syscallGroup is what systemd means by a name such as @system-service.
func syscallGroup(t *testing.T, group string) map[string]bool {
	t.Helper()
	calls := map[string]bool{}
	for line := range strings.Lines(output(t, "systemd-analyze", "syscall-filter", group)) {
		switch name := strings.TrimSpace(line); {
		case name == "" || name == group || strings.HasPrefix(name, "#"):
		case strings.HasPrefix(name, "@"):
			for call := range syscallGroup(t, name) {
				calls[call] = true
			}
		default:
			calls[name] = true
		}
	}
	return calls
}
