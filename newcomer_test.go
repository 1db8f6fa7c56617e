package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/checkouttest"
)

// A newcomer has cloned the repository.
type newcomer struct {
	t   *testing.T
	dir string
}

func newNewcomer(t *testing.T) newcomer {
	t.Helper()
	n := newcomer{t, t.TempDir()}
	checkouttest.Copy(t, n.dir)
	return n
}

func (n newcomer) must(out []byte, err error) string {
	n.t.Helper()
	if err != nil {
		n.t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func (n newcomer) makeRun(env ...string) string {
	n.t.Helper()
	run := exec.Command("make", "run")
	run.Dir = n.dir
	run.Env = append(os.Environ(), append(env, "XDG_STATE_HOME="+n.dir)...)
	return n.must(run.CombinedOutput())
}

func TestMakeRunGoesAllTheWayAndTellsNothingTwice(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	first, second := n.makeRun("AIPASS_HOME="), n.makeRun("AIPASS_HOME=")
	for _, want := range []string{
		"9 of 13 branches healthy", "AIPassMemoryOverLimit         DRONE         firing  branch       DRONE        delivered",
		"opened 1, closed 0", "# AIPass Daily Report - ", "build/textfile/aipass.prom    1588 series", "== To run next",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	_, done, _ := strings.Cut(second, "== aipass-actions run")
	done, _, _ = strings.Cut(done, "== aipass-actions report")
	if !strings.Contains(done, "opened 0, closed 0") || strings.Contains(done, "OUTCOME") {
		t.Errorf("again:\n%s", done)
	}
	for _, named := range []string{"build/run.log", "build/demo-host/.ai_central/HEALTH.central.json", "build/demo-host/aipass_core/drone/ai_mail.local/inbox.json"} {
		if _, err := os.Stat(filepath.Join(n.dir, named)); err != nil || !strings.Contains(first, named) {
			t.Errorf("%s: %v", named, err)
		}
	}
}

// On somebody's own host nothing is done unasked.
func TestMakeRunWritesNothingOnAHostOfSomebodys(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	home := filepath.Join(n.dir, "home")
	n.must(exec.Command("go", "run", "./test/layhost", home).CombinedOutput())
	before := n.must(exec.Command("find", home, "-printf", "%p %s %t\n").CombinedOutput())
	if out := n.makeRun("AIPASS_HOME=" + home); !strings.Contains(out, "would be told") || !strings.Contains(out, "of which nothing has been done") {
		t.Error(out)
	}
	if after := n.must(exec.Command("find", home, "-printf", "%p %s %t\n").CombinedOutput()); before != after {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	if _, err := os.Stat(filepath.Join(n.dir, "build")); err == nil {
		t.Error("there is a demo host")
	}
}
