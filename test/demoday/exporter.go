package demoday

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/logscan"
)

// An exporter is aipass-exporter collect with a state directory.
type exporter struct {
	tree       aipass.Tree
	logs       *logscan.Counter
	collectors []collectors.Collector
	textfile   history.Textfile
}

func newExporter(tree aipass.Tree, state string) *exporter {
	return &exporter{
		tree: tree,
		logs: logscan.NewCounter(tree.Root(), logscan.Options{Dir: state, Location: time.UTC}),
		collectors: collectors.All(collectors.Options{
			StaleNew: 48 * time.Hour, StaleOpened: 24 * time.Hour, LogFiles: true,
		}),
	}
}

// look looks at the host and writes the textfile. That it took as long as it did
// is of the machine's clock.
func (e *exporter) look(ctx context.Context, now time.Time) error {
	look := collectors.Look{Started: time.Now(), Interval: interval}
	look.Snapshot = e.tree.Snapshot(ctx)
	var err error
	if look.Snapshot.LogCounts, err = e.logs.Count(ctx, look.Snapshot); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := collectors.WriteText(&text, look, e.collectors, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	e.textfile = history.Textfile{Path: textfiles + "aipass.prom", ModTime: now, Text: text.Bytes()}
	return nil
}
