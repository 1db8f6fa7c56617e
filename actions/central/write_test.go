package central

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

const small = `
-- BRANCH_REGISTRY.json --
{"branches": [
  {"name": "DRONE", "path": "aipass_core/drone"},
  {"name": "FLOW", "path": "aipass_core/flow"},
  {"name": "BÜRO", "path": "büro"},
  {"name": "IDLE", "path": "idle"}
]}
-- aipass_os/AI_CENTRAL/PLANS.central.json --
{}
-- system_logs/drone_cli.log --
2026-02-19 07:59:00 | drone | INFO | ready
-- system_logs/nobody.log --
2026-02-19 07:59:00 | nobody | INFO | ready
-- aipass_core/drone/DRONE.local.json --
{
  "document_metadata": {"limits": {"max_lines": 4}},
  "sessions": [],
  "key_learnings": {}
}
-- aipass_core/drone/DRONE.observations.json --
{"observations": [
-- aipass_core/drone/ai_mail.local/inbox.json --
{"messages": [{"status": "new"}, {"status": "opened"}]}
-- aipass_core/drone/logs/drone.log --
x
-- aipass_core/flow/ai_mail.local/inbox.json --
{"messages": [
-- büro/ai_mail.local/inbox.json --
{"messages": []}
-- idle/ai_mail.local/inbox.json --
{"messages": []}
`

const modernToo = `
-- .ai_central/PLANS.central.json --
{}
`

// firing are alerts as the rules in deploy/prometheus have them.
var firing = []actions.Alert{
	{Name: "AIPassMemoryOverLimit", Branch: "DRONE", Severity: "warning", Description: "DRONE: the local memory is 1 lines over its limit."},
	{Name: "AIPassMemoryNearLimit", Branch: "DRONE", Severity: "info", Description: "DRONE: the local memory has -1 lines left until its limit."},
	{Name: "AIPassInboxMalformed", Branch: "FLOW", Severity: "critical", Description: "FLOW: the inbox is malformed. Its mail can be lost."},
	{Name: "AIPassMailStaleNew", Branch: "BÜRO", Severity: "warning", Description: "BÜRO: 3 new messages are stale. Nobody has opened them."},
	{Name: "AIPassFileMalformed", Severity: "error", Description: "the host: plans is malformed."},
}

func source(look *aipass.Snapshot, firing ...actions.Alert) Source {
	return Source{Look: look, Alerts: actions.Alerts{Evaluated: now.Add(time.Second), Firing: firing}, Zone: time.UTC}
}

// file is what stands in a generation's folder, "" if there is nothing.
func file(t *testing.T, tree aipass.Tree, l aipass.Layout, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(tree.Root(), aipass.CentralDir(l), name))
	if !errors.Is(err, fs.ErrNotExist) {
		must(t, err)
	}
	return string(data)
}

// The page's examples are what this host's files are.
func TestThePageShowsTheFiles(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, small)
	look.Branches = slices.DeleteFunc(look.Branches, func(b aipass.Branch) bool { return b.Name == "BÜRO" || b.Name == "FLOW" })
	s := source(look, firing[0], firing[4])
	s.Mail = map[string]mailbox.Count{"DRONE": {Unread: 0, Total: 1}}
	must(t, Write(t.Context(), tree, s))
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "central-files.md"))
	must(t, err)
	shown := regexp.MustCompile("(?s)```json\n(.*?)\n```").FindAllStringSubmatch(string(page), -1)
	if len(shown) != 2 {
		t.Fatalf("the page shows %d files", len(shown))
	}
	for i, name := range [...]string{aipass.HealthCentral, aipass.MetricsCentral} {
		if diff := cmp.Diff(shown[i][1], file(t, tree, aipass.Legacy, name)); diff != "" {
			t.Errorf("%s: -page +file:\n%s", name, diff)
		}
	}
}

// AIPass is Python: it reads them, would write them the same, and can compare
// their times with its own.
func TestPythonReadsTheFiles(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, small)
	must(t, Write(t.Context(), tree, source(look, firing...)))
	dir := filepath.Join(tree.Root(), aipass.CentralDir(aipass.Legacy))
	cmd := exec.CommandContext(t.Context(), "python3", "-I", "-c", `
import json, sys
from datetime import datetime
texts = [open(f"{sys.argv[1]}/{name}.central.json", encoding="utf-8", newline="").read() for name in ("HEALTH", "METRICS")]
health, metrics = map(json.loads, texts)
same = [json.dumps(json.loads(text), indent=2, ensure_ascii=False) == text for text in texts]
past = [datetime.fromisoformat(d["timestamp"]) < datetime(2026, 2, 20) for d in (health, metrics)]
print(same, past, health["healthy"], len(health["warnings"]), [e["branch"] for e in health["errors"]], health["branches"]["BÜRO"]["status"], metrics["logs"]["recent_errors"])
`, dir)
	cmd.Env = []string{"PYTHONUTF8=1"}
	out, err := cmd.CombinedOutput()
	const want = "[True, True] [True, True] 1 2 ['', 'FLOW'] warning None\n"
	if err != nil || string(out) != want {
		t.Errorf("%v, got:\n%s", err, out)
	}
}

func TestEachGenerationThatHasAFolderHasTheFiles(t *testing.T) {
	t.Parallel()
	for _, folders := range []struct {
		archive        string
		legacy, modern bool
	}{
		{small, true, false},
		{small + modernToo, true, true},
		{"-- AIPASS_REGISTRY.json --\n{\"branches\": []}\n" + modernToo, false, true},
		{"-- AIPASS_REGISTRY.json --\n{\"branches\": []}\n", false, false},
	} {
		tree, look := lay(t, folders.archive)
		must(t, Write(t.Context(), tree, source(look)))
		for l, want := range map[aipass.Layout]bool{aipass.Legacy: folders.legacy, aipass.Modern: folders.modern} {
			for _, name := range [...]string{aipass.HealthCentral, aipass.MetricsCentral} {
				if got := file(t, tree, l, name) != ""; got != want {
					t.Errorf("%s %s: there is %t, want %t\n%s", l, name, got, want, folders.archive)
				}
			}
			if _, err := os.Lstat(filepath.Join(tree.Root(), aipass.CentralDir(l))); (err == nil) != want {
				t.Errorf("%s: %v", l, err)
			}
		}
	}
}

// That no alert fires says nothing if nobody has looked for any.
func TestWithoutAnEvaluationTheHealthStaysAsItIs(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, small+"-- aipass_os/AI_CENTRAL/HEALTH.central.json --\n{\"healthy\": 1}\n")
	must(t, Write(t.Context(), tree, Source{Look: look, Zone: time.UTC}))
	if got := file(t, tree, aipass.Legacy, aipass.HealthCentral); got != "{\"healthy\": 1}\n" {
		t.Errorf("it became %s", got)
	}
	if file(t, tree, aipass.Legacy, aipass.MetricsCentral) == "" {
		t.Error("there are no metrics")
	}
}

func TestAFileKeepsItsMode(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, small+"-- aipass_os/AI_CENTRAL/METRICS.central.json --\n{}\n")
	path := filepath.Join(tree.Root(), aipass.CentralDir(aipass.Legacy), aipass.MetricsCentral)
	must(t, os.Chmod(path, 0o660))
	must(t, Write(t.Context(), tree, source(look)))
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode() != 0o660 || info.Size() < 10 {
		t.Errorf("got %v, %d bytes", info.Mode(), info.Size())
	}
}

// What a link leads to is not AIPass's, and is not written to.
func TestALinkInAFilesPlaceIsRefusedAndTheOthersAreWritten(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, small+modernToo+"-- elsewhere --\nprecious\n")
	link := filepath.Join(tree.Root(), aipass.CentralDir(aipass.Legacy), aipass.HealthCentral)
	must(t, os.Symlink(filepath.Join(tree.Root(), "elsewhere"), link))
	err := Write(t.Context(), tree, source(look))
	if err == nil || !strings.Contains(err.Error(), link) || !strings.Contains(err.Error(), "put the real file in its place") {
		t.Errorf("got %v, want the file and the remedy", err)
	}
	if got := file(t, tree, aipass.Legacy, aipass.HealthCentral); got != "precious\n" {
		t.Errorf("through the link came %s", got)
	}
	if file(t, tree, aipass.Legacy, aipass.MetricsCentral) == "" || file(t, tree, aipass.Modern, aipass.HealthCentral) == "" {
		t.Error("the others are not written")
	}
}

// written is a document as its readers have it.
func written[T any](t *testing.T, document any) (read T) {
	t.Helper()
	data, err := json.Marshal(document)
	must(t, err)
	must(t, json.Unmarshal(data, &read))
	return read
}
