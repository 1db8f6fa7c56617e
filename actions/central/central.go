package central

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Source is what the documents are made of.
type Source struct {
	Look   *aipass.Snapshot
	Alerts actions.Alerts
	// Mail says, by branch, what has changed since the look.
	Mail map[string]mailbox.Count
	// Recent is what logs said in the last hour, by branch, "" for those of no
	// branch; nil if nobody has counted.
	Recent map[string]Recent
	Zone   *time.Location
}

// Recent counts messages in logs.
type Recent struct{ Errors, Warnings int }

var layouts = [...]aipass.Layout{aipass.Legacy, aipass.Modern}

// Write brings both documents up to date, in the folder of each generation that
// has one. Without an evaluation of the alert rules nothing is known of the
// health, and that document stays as it is. One that cannot be written costs the
// others nothing.
func Write(ctx context.Context, tree aipass.Tree, s Source) error {
	documents := map[string]any{aipass.MetricsCentral: s.Metrics()}
	if s.Alerts.Known() {
		documents[aipass.HealthCentral] = s.Health()
	}
	var faults []error
	for _, l := range layouts {
		dir := filepath.Join(tree.Root(), aipass.CentralDir(l))
		for _, name := range [...]string{aipass.HealthCentral, aipass.MetricsCentral} {
			if document, is := documents[name]; is {
				faults = append(faults, explained(name, mailbox.WriteCentral(ctx, dir, name, document)))
			}
		}
	}
	return errors.Join(faults...)
}

// Files are those that Write brings up to date: in the folders that there are.
func Files(tree aipass.Tree, s Source) (paths []string) {
	for _, l := range layouts {
		dir := filepath.Join(tree.Root(), aipass.CentralDir(l))
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		if s.Alerts.Known() {
			paths = append(paths, filepath.Join(dir, aipass.HealthCentral))
		}
		paths = append(paths, filepath.Join(dir, aipass.MetricsCentral))
	}
	return paths
}

// explained adds what a person can do about it. The error names the path.
func explained(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write %s: %w; %s", name, err, mailbox.Remedy(err))
}

// timestamp is a time as AIPass writes it, on its own clock and without a zone,
// or Python could not compare it with its others.
func (s Source) timestamp(t time.Time) string { return t.In(s.Zone).Format("2006-01-02T15:04:05") }
