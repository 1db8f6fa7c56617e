package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/promslog"

	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

const lastGood = "# HELP aipass_registry_branches Yesterday's.\n# TYPE aipass_registry_branches gauge\naipass_registry_branches 31\n"

// newCollection is a run of collect on an empty host over yesterday's file.
func newCollection(t *testing.T, cs ...collectors.Collector) (c look.Collection, out string) {
	t.Helper()
	home, out := t.TempDir(), filepath.Join(t.TempDir(), look.MetricsFile)
	if err := errors.Join(
		os.WriteFile(filepath.Join(home, "AIPASS_REGISTRY.json"), []byte(`{"branches": []}`), 0o644),
		os.WriteFile(out, []byte(lastGood), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	tree, err := aipass.Open(home, aipass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return look.Collection{
		Tree: tree, Timeout: time.Minute, Collectors: cs,
		Faults: new(look.FaultLog), Logger: promslog.NewNopLogger(),
	}, out
}

func unchanged(t *testing.T, path string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != lastGood {
		t.Errorf("the last good file is now %q, %v", got, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside it: %v, %v", entries, err)
	}
}

// What node_exporter would not take is not published.
func TestPreflightKeepsTheLastGoodFile(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		metric string
		labels []string
		emit   func(collectors.Emitter)
		want   string
	}{
		"duplicate series": {"aipass_test", []string{"a"}, func(e collectors.Emitter) { e.Value(1, "x"); e.Value(2, "x") }, "aipass_test"},
		"UTF-8 name":       {"aipass.test", nil, func(e collectors.Emitter) { e.Value(1) }, "aipass.test"},
		"UTF-8 label":      {"aipass_test", []string{"a.b"}, func(e collectors.Emitter) { e.Value(1, "x") }, "aipass_test"},
		"bad convention":   {"aipass_test_total", nil, func(e collectors.Emitter) { e.Value(1) }, "aipass_test_total"},
		"not UTF-8":        {"aipass_test", []string{"a"}, func(e collectors.Emitter) { e.Value(1, "caf\xe9") }, "aipass_test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, out := newCollection(t, collectors.Collector{Name: "test", Families: []collectors.Family{{
				Name: row.metric, Help: "Test.", Type: dto.MetricType_GAUGE, Labels: row.labels,
				Collect: func(_ *aipass.Snapshot, emit collectors.Emitter) { row.emit(emit) },
			}}})
			err := collect(t.Context(), c, out, io.Discard)
			var finding textfile.Finding
			if !errors.As(err, &finding) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want a finding about %s", err, row.want)
			}
			unchanged(t, out)
		})
	}
}

// A signal in the middle of a look is no reason to call the whole host broken.
func TestInterruptedRunWritesNothing(t *testing.T) {
	t.Parallel()
	c, out := newCollection(t, collectors.All(collectors.Options{})...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := collect(ctx, c, out, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	unchanged(t, out)
}
