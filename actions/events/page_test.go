package events

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// trigger is where legacy AIPass has it, with a Trigger that writes down what
// is fired.
const trigger = `
-- aipass_core/trigger/apps/modules/core.py --
import json, os

class Trigger:
    @classmethod
    def fire(cls, event, **data):
        with open(os.path.join(os.environ["AIPASS_HOME"], "fired"), "a") as f:
            print(json.dumps({"event": event, **data}), file=f)
`

// shown is the command of the page that begins like this.
func shown(t *testing.T, begin string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "events.md"))
	must(t, err)
	for line := range strings.Lines(string(page)) {
		if command, is := strings.CutPrefix(line, "    "+begin); is {
			return begin + strings.TrimSpace(command)
		}
	}
	t.Fatalf("the page shows no %s", begin)
	return ""
}

func TestThePagesCommandFiresLegacysTrigger(t *testing.T) {
	root := t.TempDir()
	t.Setenv("AIPASS_HOME", root)
	look := lay(t, root, legacy+trigger+long)
	command, err := event.Parse(strings.ReplaceAll(shown(t, "python3 "), "/home/aipass", root))
	must(t, err)
	var log strings.Builder
	r := event.Runner{Command: command, Timeout: 2 * time.Minute, Most: 10, Dir: root, Log: slog.New(slog.NewTextHandler(&log, nil))}
	Memory(look, actions.MemoryRollover{}, now, func(e event.Event) bool { return r.Fire(t.Context(), e) })
	r.Fire(t.Context(), MailCleanup(actions.CleanupTotals{AutoOpened: 3}, now))
	text, err := os.ReadFile(filepath.Join(root, "fired"))
	if err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	var got []map[string]any
	for line := range strings.Lines(string(text)) {
		var fired map[string]any
		must(t, json.Unmarshal([]byte(line), &fired))
		got = append(got, fired)
	}
	want := []map[string]any{
		{
			"event": "memory_threshold_exceeded", "branch": "DRONE", "file_name": "DRONE.local.json", "line_count": 4.0, "threshold": 3.0,
			"file_path": filepath.Join(root, "drone", "DRONE.local.json"), "timestamp": "2026-02-19T08:00:00",
		},
		{"event": "mail_cleanup_complete", "auto_opened": 3.0, "auto_closed": 0.0, "errors": 0.0, "timestamp": "2026-02-19T08:00:00"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, &log)
	}
}

func TestThePagesCommandIsDronesOwn(t *testing.T) {
	t.Parallel()
	command, err := event.Parse(shown(t, "drone "))
	must(t, err)
	want := []string{"drone", "@trigger", "fire", "mail_cleanup_complete", "auto_opened=3", "auto_closed=0", "errors=0", "timestamp=2026-02-19T08:00:00"}
	if diff := cmp.Diff(want, command.Argv(MailCleanup(actions.CleanupTotals{AutoOpened: 3}, now))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
