package main

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
)

// A real node_exporter scrapes what collect writes: every series arrives with
// its value.

func TestNodeExporterServesTheDemoHost(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "host")
	if err := demohost.Lay(home, time.Now()); err != nil {
		t.Fatal(err)
	}
	page := collectAndScrape(t, "--aipass.home="+home)
	if got := page["aipass_registry_branches"]; got != "13" {
		t.Errorf("%q branches, want 13", got)
	}
}

// The registries of real hosts, which tests may read and the project does not
// ship: AIPASS_DATA names the directory that holds them.
func realData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("AIPASS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data (%v): set AIPASS_DATA to where a host's registries are kept", err)
	}
	return dir
}

func TestNodeExporterServesARealLegacyHost(t *testing.T) {
	t.Parallel()
	data, home := realData(t), t.TempDir()
	copyFile(t, filepath.Join(data, "legacy", "BRANCH_REGISTRY.json"), filepath.Join(home, "BRANCH_REGISTRY.json"))
	entries := readEntries(t, filepath.Join(home, "BRANCH_REGISTRY.json"))
	for _, e := range entries {
		dir := filepath.Join(home, strings.TrimPrefix(e.Path, "/home/aipass"))
		copyFile(t, filepath.Join(data, "modern", "empty_inbox.json"), filepath.Join(dir, "ai_mail.local", "inbox.json"))
		for kind, from := range map[string]string{"local": "local.json", "observations": "observations.json", "id": "passport.json"} {
			copyFile(t, filepath.Join(data, "modern", "drone", ".trinity", from), filepath.Join(dir, strings.ToUpper(e.Name)+"."+kind+".json"))
		}
	}
	copyTree(t, filepath.Join(data, "modern", "system_logs"), filepath.Join(home, "system_logs"))
	page := collectAndScrape(t, "--aipass.home="+home, "--aipass.path-map=/home/aipass="+home)
	expect(t, page, `
aipass_registry_branches 31
aipass_file_state{branch=".VSCODE",file="inbox",state="ok"} 1
aipass_memory_lines{branch="ASSISTANT",file="local"} 34
aipass_memory_lines_limit{branch="ASSISTANT",file="local"} 600
aipass_log_files{branch="AI_MAIL",scope="system"} 1
aipass_log_files{branch="",scope="system"} 0
aipass_branch_info{branch=".VSCODE",email="@.vscode",layout="legacy",profile="AIPass Workshop",status="active"} 1
`)
	if n := len(slices.DeleteFunc(slices.Collect(maps.Keys(page)), func(s string) bool {
		return !strings.HasPrefix(s, "aipass_branch_info{")
	})); n != len(entries) {
		t.Errorf("%d branches arrived of %d", n, len(entries))
	}
}

func TestNodeExporterServesARealModernHost(t *testing.T) {
	t.Parallel()
	data, home := realData(t), t.TempDir()
	modern := filepath.Join(data, "modern")
	copyFile(t, filepath.Join(modern, "AIPASS_REGISTRY.json"), filepath.Join(home, "AIPASS_REGISTRY.json"))
	for _, branch := range []string{"trigger", "drone"} {
		dir := filepath.Join(home, "src", "aipass", branch)
		copyTree(t, filepath.Join(modern, branch), dir)
		copyFile(t, filepath.Join(modern, "empty_inbox.json"), filepath.Join(dir, ".ai_mail.local", "inbox.json"))
	}
	copyTree(t, filepath.Join(modern, "system_logs"), filepath.Join(home, "system_logs"))
	copyFile(t, filepath.Join(modern, "flow_registry.json"), filepath.Join(home, "src", "aipass", "flow", "flow_json", "fplan_registry.json"))
	page := collectAndScrape(t, "--aipass.home="+home, "--aipass.path-map=/home/aipass/aipass_business/AIPass="+home)
	expect(t, page, `
aipass_registry_branches 10
aipass_file_state{branch="TRIGGER",file="dashboard",state="ok"} 1
aipass_file_state{branch="DEVPULSE",file="directory",state="missing"} 1
aipass_memory_entries{array="sessions",branch="DRONE",file="local"} 1
aipass_memory_entries_limit{array="sessions",branch="DRONE",file="local"} 20
aipass_log_files{branch="AI_MAIL",scope="system"} 1
aipass_plans{status="open"} 0
`)
}

type entry struct{ Name, Path string }

func readEntries(t *testing.T, registry string) []entry {
	t.Helper()
	data, err := os.ReadFile(registry)
	if err != nil {
		t.Fatal(err)
	}
	var reg struct{ Branches []entry }
	if err := json.Unmarshal(data, &reg); err != nil {
		t.Fatal(err)
	}
	return reg.Branches
}

// collectAndScrape writes a textfile, lets node_exporter serve it, and returns
// what arrived, having compared it with what was written.
func collectAndScrape(t *testing.T, args ...string) nodeexportertest.Page {
	t.Helper()
	dir := t.TempDir()
	var out, errs clitest.Buffer
	args = append([]string{"collect", "--textfile.directory=" + dir}, args...)
	if code := program().Run(context.Background(), args, clitest.System(), &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	written, err := os.ReadFile(filepath.Join(dir, look.MetricsFile))
	if err != nil {
		t.Fatal(err)
	}
	page, ok := nodeexportertest.Start(t, dir).Scrape(t)
	if !ok {
		t.Fatal("node_exporter crashed")
	}
	if got := page["node_textfile_scrape_error"]; got != "0" {
		t.Errorf("node_textfile_scrape_error %s, want 0", got)
	}
	arrived := nodeexportertest.Page{}
	for series, value := range page {
		if strings.HasPrefix(series, "aipass_") {
			arrived[series] = value
		}
	}
	if diff := cmp.Diff(nodeexportertest.ParsePage(string(written)), arrived); diff != "" {
		t.Errorf("-written +arrived:\n%s", diff)
	}
	return page
}

// expect looks for the samples of an exposition.
func expect(t *testing.T, page nodeexportertest.Page, exposition string) {
	t.Helper()
	for series, value := range nodeexportertest.ParsePage(exposition) {
		if page[series] != value {
			t.Errorf("%s is %q, want %q", series, page[series], value)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rest, _ := filepath.Rel(from, path)
			copyFile(t, path, filepath.Join(to, rest))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
