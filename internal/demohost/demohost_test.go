package demohost

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func evening() time.Time {
	return time.Date(2026, 2, 19, 18, 30, 0, 0, time.FixedZone("CET", 3600))
}

func TestLayIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "host")
	first := layDemo(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, layDemo(t, dir)); diff != "" {
		t.Errorf("second time differs (-first +second):\n%s", diff)
	}
}

func TestGenerateIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "host")
	first := generate(t, dir, 6)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, generate(t, dir, 6)); diff != "" {
		t.Errorf("second time differs (-first +second):\n%s", diff)
	}
}

func TestRefusesADirectoryInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("chapter 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"Lay":      Lay(dir, evening()),
		"Generate": Generate(dir, 4, evening()),
	} {
		if err == nil || !strings.Contains(err.Error(), "is not empty: name a new directory") {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	if left := readTree(t, dir); len(left) != 2 {
		t.Errorf("directory in use was changed: %v", left)
	}
}

// What nobody meant to break must be whole.
func TestDocumentsParse(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{"aipass_core/ai_mail/ai_mail.local/inbox.json": true}
	for name, node := range layDemo(t, filepath.Join(t.TempDir(), "host")) {
		if filepath.Ext(name) == ".json" && json.Valid([]byte(node.Text)) == broken[name] {
			t.Errorf("%s: valid JSON: %v, want the opposite", name, broken[name])
		}
		if strings.HasSuffix(name, "inbox.json") && strings.HasSuffix(node.Text, "\n") {
			t.Errorf("%s ends in a newline, which Python does not write", name)
		}
	}
}

func TestJSONIsSpacedLikePython(t *testing.T) {
	t.Parallel()
	nodes := layDemo(t, filepath.Join(t.TempDir(), "host"))
	for name, want := range map[string]string{
		"src/aipass/hatchling/.ai_mail.local/inbox.json":       "{\n  \"inbox\": []\n}",
		"src/aipass/trigger/.ai_mail.local/inbox.json":         `400 lines & counting <3`,
		"src/aipass/flow/.ai_mail.local/inbox.json":            `«terra incognita»`,
		"src/aipass/trigger/logs/medic_suppressed.jsonl":       `", "level": "CRITICAL", "branch": "TRIGGER", `,
		"aipass_core/drone/ai_mail.local/inbox.json":           `"timestamp": "2026-02-19 17:15:00",`,
		"src/aipass/trigger/.ai_mail.local/.dispatch.lock":     `"pid": 4194305,`,
		"aipass_core/drone/DRONE.local.json":                   `"max_lines"`,
		"aipass_os/dev_central/DEV_CENTRAL.local.json":         `"max_lines": 900`,
		"system_logs/ai_mail_delivery.log":                     " - captured_delivery - INFO - ",
		"src/aipass/flow/flow_json/fplan_registry.json":        `"status": "closed"`,
		"MEMORY_BANK/memory_bank_json/memory_bank.config.json": `"max_lines": 800`,
	} {
		present := strings.Contains(nodes[name].Text, want)
		if name == "aipass_core/drone/DRONE.local.json" {
			present = !present // the default limit applies to it
		}
		if !present {
			t.Errorf("%s: %q not as expected in:\n%s", name, want, nodes[name].Text)
		}
	}
}

// node is a file or directory, as comparable as can be.
type node struct {
	Text    string
	ModTime time.Time
}

func layDemo(t *testing.T, dir string) map[string]node {
	t.Helper()
	if err := Lay(dir, evening()); err != nil {
		t.Fatal(err)
	}
	return readTree(t, dir)
}

func generate(t *testing.T, dir string, branches int) map[string]node {
	t.Helper()
	if err := Generate(dir, branches, evening()); err != nil {
		t.Fatal(err)
	}
	nodes := readTree(t, dir)
	for _, shared := range []string{"aipass_core", "src", "src/aipass", "system_logs"} {
		delete(nodes, shared) // whose times depend on which branch came last
	}
	return nodes
}

func readTree(t *testing.T, root string) map[string]node {
	t.Helper()
	nodes := map[string]node{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		var text []byte
		if !entry.IsDir() {
			if text, err = os.ReadFile(name); err != nil {
				return err
			}
		}
		rel, err := filepath.Rel(root, name)
		nodes[filepath.ToSlash(rel)] = node{string(text), info.ModTime()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

func countLines(text string) int {
	return bytes.Count([]byte(text), []byte("\n")) + 1 // no file ends in a newline
}
