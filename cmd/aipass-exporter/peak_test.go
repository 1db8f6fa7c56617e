package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/checkouttest"
)

// maxPeak is what a run may take of memory, whatever the host.
const maxPeak = 40 << 20

// A mailbox of 100 MB, one of 10 000 messages, one message of 60 MB, a flood of
// empty ones: the run stays within 40 MB, and the other branches are complete.
func TestHugeMailboxesStayWithinTheMemoryOfARun(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	body := strings.Repeat("All work and no play makes an agent dull. ", 250)
	layInbox(t, home, "LARGE", 10_000, body)
	layInbox(t, home, "MANY", 10_000, "Hello.")
	layInbox(t, home, "LONG", 1, strings.Repeat(body, 6000))
	layInbox(t, home, "WELL", 3, "Hello.")
	layInbox(t, home, "FLOOD", 0, "")
	flood := "[{}" + strings.Repeat(",{}", 10<<20) + "]"
	if err := os.WriteFile(filepath.Join(home, "FLOOD", ".ai_mail.local", "inbox.json"), []byte(flood), 0o644); err != nil {
		t.Fatal(err)
	}
	registry := `{"branches": {"LARGE": {"path": "LARGE"}, "MANY": {"path": "MANY"}, "LONG": {"path": "LONG"}, "FLOOD": {"path": "FLOOD"}, "WELL": {"path": "WELL"}}}`
	if err := os.WriteFile(filepath.Join(home, "AIPASS_REGISTRY.json"), []byte(registry), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), look.MetricsFile)
	peak := peakOf(t, "collect", "--aipass.home="+home, "--output="+out, "--log.level=error")
	t.Logf("peak: %.1f MiB", float64(peak)/(1<<20))
	if peak > maxPeak {
		t.Errorf("peak of %d MiB, want at most %d", peak>>20, maxPeak>>20)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want := "aipass_file_state{branch=\"FLOOD\",file=\"inbox\",state=\"unreadable\"} 1\n"; !strings.Contains(string(text), want) {
		t.Errorf("%s is missing", want)
	}
	for branch, n := range map[string]int{"LARGE": 10_000, "MANY": 10_000, "LONG": 1, "WELL": 3} {
		want := fmt.Sprintf("aipass_mail_messages{branch=%q,status=\"new\"} %d\n", branch, n)
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// A log of a gigabyte without a newline, and one of messages, take no more.
func TestHugeLogsStayWithinTheMemoryOfARun(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	logs := filepath.Join(home, "LARGE", "logs")
	message := "2026-03-06 19:26:01 - captured_large - ERROR - All work and no play makes an agent dull.\n"
	if err := errors.Join(
		os.MkdirAll(logs, 0o755),
		os.WriteFile(filepath.Join(home, "AIPASS_REGISTRY.json"), []byte(`{"branches": {"LARGE": {"path": "LARGE"}}}`), 0o644),
		os.WriteFile(filepath.Join(logs, "endless.log"), []byte(strings.TrimSuffix(message, "\n")), 0o644),
		os.Truncate(filepath.Join(logs, "endless.log"), 1<<30), // zeros, which take no room on the disk
		os.WriteFile(filepath.Join(logs, "many.log"), []byte(strings.Repeat(message, 1_000_000)), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), look.MetricsFile)
	peak := peakOf(t, "collect", "--aipass.home="+home, "--state.dir="+t.TempDir(), "--output="+out, "--log.level=error")
	t.Logf("peak: %.1f MiB", float64(peak)/(1<<20))
	if peak > maxPeak {
		t.Errorf("peak of %d MiB, want at most %d", peak>>20, maxPeak>>20)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want := `aipass_log_messages_total{branch="LARGE",scope="branch",level="error"} 1.000001e+06`; !strings.Contains(string(text), want) {
		t.Errorf("%s is missing", want)
	}
}

func layInbox(t *testing.T, home, branch string, messages int, body string) {
	t.Helper()
	dir := filepath.Join(home, branch, ".ai_mail.local")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "inbox.json"))
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, `{"messages": [`)
	for i := range messages {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, `{"id": "%08x", "timestamp": "2026-02-19 08:00:03", "status": "new", "message": %q}`, i, body)
	}
	fmt.Fprint(w, `]}`)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// peakOf builds the program, without the race detector's memory, and runs it
// below a small process: a child's peak begins with that of its parent.
func peakOf(t *testing.T, args ...string) (bytes int64) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "aipass-exporter")
	checkouttest.Programs(t, filepath.Dir(program), "./cmd/aipass-exporter")
	const script = `import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`
	cmd := exec.Command("python3", append([]string{"-c", script, program}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	kilobytes, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
