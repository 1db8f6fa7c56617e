package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/checkouttest"
	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

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
	checkouttest.Programs(t, dir, "./cmd/aipass-actions")
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

// startCron starts cron, and ends it with the test at the latest.
func startCron(t *testing.T) (stop func()) {
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
	stop = sync.OnceFunc(func() {
		_ = cron.Process.Signal(syscall.SIGTERM)
		_ = cron.Wait() // its exit status says no more than that it has ended
	})
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	return stop
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
