package collectors_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/fleettest"
	"github.com/aiosai/aipass-exporter/internal/logscan"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// The battery puts every collector before every fleet. UPDATE=1 writes the
// golden files anew, to be read before they are committed.

var options = collectors.Options{StaleNew: 48 * time.Hour, StaleOpened: 24 * time.Hour, LogFiles: true}

func TestEveryCollectorOnEveryFleet(t *testing.T) {
	t.Parallel()
	for _, fleet := range fleets(t) {
		s := look(t, fleet)
		for _, c := range collectors.All(options) {
			t.Run(fleet+"/"+c.Name, func(t *testing.T) {
				t.Parallel()
				text := ownText(t, s, c)
				t.Run("golden", func(t *testing.T) { golden(t, goldenFile(fleet, c), text) })
				t.Run("lint", func(t *testing.T) { lints(t, text) })
				t.Run("same twice", func(t *testing.T) { same(t, text, ownText(t, look(t, fleet), c)) })
				t.Run("served as written", func(t *testing.T) { served(t, s, c) })
			})
		}
	}
}

func TestGoldenFilesAreAllInUse(t *testing.T) {
	t.Parallel()
	var want []string
	for _, fleet := range fleets(t) {
		for _, c := range collectors.All(options) {
			want = append(want, goldenFile(fleet, c))
		}
	}
	got, err := filepath.Glob("testdata/*/*.prom")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range got {
		if !slices.Contains(want, file) {
			t.Errorf("%s belongs to no collector or no fleet: delete it", file)
		}
	}
}

func fleets(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/fleets/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fleets: %v", err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".txtar")
	}
	return files
}

func goldenFile(fleet string, c collectors.Collector) string {
	return filepath.Join("testdata", fleet, c.Name+".prom")
}

// look lays a fleet out and takes a snapshot of it, always at the same time.
func look(t *testing.T, fleet string) *aipass.Snapshot {
	t.Helper()
	root := fleettest.Lay(t, filepath.Join("testdata", "fleets", fleet+".txtar"))
	tree, err := aipass.Open(root, aipass.Options{
		PathMap:  []aipass.PathMapping{{From: "/home/aipass", To: root}, {From: "/srv/repo", To: root}},
		Location: time.UTC,
		Now:      func() time.Time { return fleettest.Taken },
		Alive:    func(pid int) bool { return pid == 1 },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := tree.Snapshot(context.Background())
	logs := logscan.NewCounter(root, logscan.Options{Dir: t.TempDir(), Location: time.UTC})
	if s.LogCounts, err = logs.Count(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

// write is what the textfile would hold, after node_exporter's own parser has
// accepted it.
func write(t *testing.T, s *aipass.Snapshot, cs ...collectors.Collector) string {
	t.Helper()
	var buf bytes.Buffer
	look := collectors.Look{Snapshot: s, Started: time.Now(), Interval: time.Hour}
	if err := collectors.WriteText(&buf, look, cs, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := textfile.Check(bytes.NewReader(buf.Bytes())); err != nil {
		t.Fatalf("node_exporter would not take it: %v", err)
	}
	return buf.String()
}

// ownText leaves out what is about the exporter itself.
func ownText(t *testing.T, s *aipass.Snapshot, c collectors.Collector) string {
	t.Helper()
	text, _, _ := strings.Cut(write(t, s, c), "# HELP aipass_collector_success")
	return text
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is missing: run the test with UPDATE=1 and read what it writes", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(want), got)
}

func same(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func lints(t *testing.T, text string) {
	t.Helper()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// served compares what the collector says over HTTP, through a registry that
// believes nothing, with what it writes.
func served(t *testing.T, s *aipass.Snapshot, c collectors.Collector) {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors.NewExporter(collectors.ExporterConfig{
		Snapshot:   func(context.Context) *aipass.Snapshot { return s },
		Collectors: []collectors.Collector{c},
		Timeout:    time.Minute,
		Logger:     slog.New(slog.DiscardHandler),
	}))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&buf, f); err != nil {
			t.Fatal(err)
		}
	}
	same(t, inOrder(write(t, s, c)), inOrder(buf.String()))
}

// inOrder are the lines of an exposition in order, label pairs in order,
// but for what is different each time or only of a run from cron.
func inOrder(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "duration_seconds") || strings.Contains(line, "next_run") {
			continue
		}
		if name, labels, ok := strings.Cut(line, "{"); ok && !strings.HasPrefix(line, "#") {
			labels, value, _ := strings.Cut(labels, "} ")
			pairs := strings.Split(labels, ",")
			slices.Sort(pairs)
			line = name + "{" + strings.Join(pairs, ",") + "} " + value
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
