package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// The comparison is worth nothing if the script does not do the job.
func TestPlainSeesTheDemoHost(t *testing.T) {
	t.Parallel()
	host := filepath.Join(t.TempDir(), "host")
	if err := demohost.Lay(host, time.Now()); err != nil {
		t.Fatal(err)
	}
	metrics := runPlain(t, host)
	for _, want := range []string{
		`aipass_registry_branches 13`,
		`aipass_file_state{branch="AI_MAIL",file="inbox",state="malformed"} 1`,
		`aipass_file_state{branch="GHOST_WRITER",file="directory",state="missing"} 1`,
		`aipass_file_state{branch="CARTOGRAPHER",file="inbox",state="missing"} 1`,
		`aipass_mail_messages{branch="hatchling",status="new"} 0`,
		`aipass_mail_messages{branch="DEV_CENTRAL",status="closed"} 1`,
		`aipass_mail_stale_messages{branch="FLOW",status="new"} 1`,
		`aipass_mail_stale_messages{branch="FLOW",status="opened"} 1`,
		`aipass_mail_message_age_seconds_bucket{branch="FLOW",status="new",le="172800"} 1`,
		`aipass_mail_undated_messages{branch="LAMPLIGHTER"} 2`,
		`aipass_mail_count_mismatch{branch="MEMORY_BANK"} 1`,
		`aipass_mail_dispatch_pending{branch="DAEMON"} 1`,
		`aipass_memory_lines{branch="DRONE",file="local"} 640`,
		`aipass_memory_lines_limit{branch="DRONE",file="local"} 600`,
		`aipass_memory_lines_limit{branch="DEV_CENTRAL",file="local"} 900`,
		`aipass_memory_lines_limit{branch="ASSISTANT",file="local"} 800`,
		`aipass_memory_entries{branch="TRIGGER",file="local",array="sessions"} 20`,
		`aipass_agent_running{branch="ASSISTANT"} 1`,
		`aipass_agent_running{branch="TRIGGER"} 0`,
		`aipass_log_files{branch="AI_MAIL",scope="system"} 1`,
		`aipass_log_files{branch="TRIGGER",scope="branch"} 2`,
		`aipass_plans{status="open"} 3`,
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("missing: %s", want)
		}
	}
}

func TestPlainSeesAGeneratedHost(t *testing.T) {
	t.Parallel()
	host := filepath.Join(t.TempDir(), "host")
	if err := demohost.Generate(host, 6, time.Now()); err != nil {
		t.Fatal(err)
	}
	metrics := runPlain(t, host)
	if got, want := strings.Count(metrics, `state="ok"} 1`), 6*8; got != want {
		t.Errorf("got %d files in order, want %d", got, want)
	}
	if got, want := strings.Count(metrics, "aipass_log_file_size_bytes{"), 6*2; got != want {
		t.Errorf("got %d logs, want %d", got, want)
	}
}

func runPlain(t *testing.T, host string) (metrics string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(t.TempDir(), "plain.prom")
	if said, err := exec.Command("python3", "plain.py", host, output).CombinedOutput(); err != nil {
		t.Fatalf("plain.py: %v\n%s", err, said)
	}
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
