package main

import (
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/promslog"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// Both programs write into one directory. A real node_exporter serves every
// series of both, and the linter has nothing to say.
func TestNodeExporterServesBothPrograms(t *testing.T) {
	t.Parallel()
	home, dir := filepath.Join(t.TempDir(), "host"), t.TempDir()
	if err := demohost.Lay(home, time.Now()); err != nil {
		t.Fatal(err)
	}
	var out, errs clitest.Buffer
	args := []string{"cleanup", "--aipass.home=" + home, "--state.dir=" + t.TempDir(), "--textfile.directory=" + dir}
	if code := program().Run(context.Background(), args, clitest.System(), &out, &errs); code != 1 { // AI_MAIL's inbox is broken
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	writeExporterMetrics(t, home, filepath.Join(dir, "aipass.prom"))

	for _, finding := range textfile.Lint([]string{dir}) {
		t.Error(finding)
	}
	page, ok := nodeexportertest.Start(t, dir).Scrape(t)
	if !ok {
		t.Fatal("node_exporter crashed")
	}
	if got := page["node_textfile_scrape_error"]; got != "0" {
		t.Errorf("node_textfile_scrape_error %s, want 0", got)
	}
	written := readMetrics(t, filepath.Join(dir, actions.MetricsFile))
	if got := written[`aipass_mail_auto_opened_total{branch="FLOW"}`]; got != "1" {
		t.Errorf("%q messages opened, want 1", got)
	}
	maps.Copy(written, readMetrics(t, filepath.Join(dir, "aipass.prom")))
	maps.DeleteFunc(page, func(series, _ string) bool { _, ours := written[series]; return !ours })
	if diff := cmp.Diff(written, page); diff != "" {
		t.Errorf("-written +arrived:\n%s", diff)
	}
}

// writeExporterMetrics writes what aipass-exporter collect does.
func writeExporterMetrics(t *testing.T, home, path string) {
	t.Helper()
	tree, err := aipass.Open(home, aipass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	look := collectors.Look{Started: time.Now(), Interval: time.Hour, Snapshot: tree.Snapshot(t.Context())}
	all := collectors.All(collectors.Options{StaleNew: 48 * time.Hour, StaleOpened: 24 * time.Hour, LogFiles: true})
	err = textfile.Write(path, func(w io.Writer) error {
		return collectors.WriteText(w, look, all, promslog.NewNopLogger())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readMetrics(t *testing.T, path string) nodeexportertest.Page {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return nodeexportertest.ParsePage(string(data))
}
