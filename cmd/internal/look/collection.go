package look

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/statefile"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// MetricsFile is what is written in the textfile directory.
const MetricsFile = "aipass.prom"

// A Collection is a look to be taken, and what is to be made of it.
type Collection struct {
	Tree       aipass.Tree
	Timeout    time.Duration
	Interval   time.Duration
	Collectors []collectors.Collector
	Faults     *FaultLog
	Logs       LogCounter
	Logger     *slog.Logger
	// State is the directory that remembers what the files held, so that what
	// nobody has touched is not read again; "" is none.
	State string
}

// A Taken is a look that has been taken.
type Taken struct {
	collectors.Look
	// Whole is what keeps the look from being a success, although there is
	// something to write.
	Whole error

	of Collection
}

// Take looks at the host, with log messages counted in the time that is left,
// and logs the faults that are new.
func (c Collection) Take(ctx context.Context) (*Taken, error) {
	taken := &Taken{Look: collectors.Look{Started: time.Now(), Interval: c.Interval}, of: c}
	limited, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	taken.Snapshot = c.snapshot(limited)
	counted := c.Logs.Add(limited, taken.Snapshot)
	if err := interrupted(ctx); err != nil {
		return nil, err
	}
	c.Faults.Report(taken.Snapshot, c.Logger)
	taken.Whole = cmp.Or(incomplete(taken.Snapshot), counted)
	return taken, nil
}

// snapshot reads again only what has changed since the last run. What cannot be
// recalled or saved costs time and nothing else.
func (c Collection) snapshot(ctx context.Context) *aipass.Snapshot {
	if c.State == "" {
		return c.Tree.Snapshot(ctx)
	}
	path := filepath.Join(c.State, recollectionFile)
	saved, _ := os.ReadFile(path)
	s := c.Tree.Recalling(saved, statefile.Build()).Snapshot(ctx)
	if s.Recollection != nil && s.Recollection.Changed() {
		_ = statefile.Write(path, s.Recollection.Save)
	}
	s.Recollection = nil // which takes memory
	return s
}

// Write writes the metrics in the text format.
func (t *Taken) Write(w io.Writer) error {
	return collectors.WriteText(w, t.Look, t.of.Collectors, t.of.Logger)
}

// WriteOnce is Write for who needs memory more than the snapshot, which is gone
// then.
func (t *Taken) WriteOnce(w io.Writer) error {
	defer func() { t.Snapshot = nil }()
	return t.Write(w)
}

// Publish writes the metrics once, as a textfile. Of one that the state directory
// remembers much of less has to be checked.
func (t *Taken) Publish(path string) error { return t.publish(path, t.WriteOnce) }

// PublishPage is Publish of what Write has written.
func (t *Taken) PublishPage(path string, page []byte) error {
	return t.publish(path, func(w io.Writer) error {
		_, err := w.Write(page)
		return err
	})
}

func (t *Taken) publish(path string, write func(io.Writer) error) error {
	if t.of.State == "" {
		return textfile.Write(path, write)
	}
	return textfile.Rewrite(path, filepath.Join(t.of.State, textfileMemory), write)
}

// Outside refuses what would be written below the AIPass home.
func Outside(tree aipass.Tree, path string) error {
	if path == "" {
		return nil
	}
	within, err := tree.Contains(path)
	if err == nil && within {
		err = fmt.Errorf("%s is below the AIPass home, where this program never writes; name a directory elsewhere", path)
	}
	return err
}

// TakeSnapshot looks at the host for no longer than timeout. A look that
// somebody interrupts is worth nothing: half a host is not the host.
func TakeSnapshot(ctx context.Context, tree aipass.Tree, timeout time.Duration) (*aipass.Snapshot, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return tree.Snapshot(limited), interrupted(ctx)
}

func interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("interrupted, nothing written: %w", err)
	}
	return nil
}

// incomplete is what keeps a run from being a success, although it was
// written. A registry that cannot be used has been logged as a fault.
func incomplete(s *aipass.Snapshot) error {
	if s.Incomplete != nil {
		return s.Incomplete
	}
	if !s.Registry.OK() {
		return cli.ErrSaid
	}
	if s.LogCounts != nil {
		return s.LogCounts.Incomplete
	}
	return nil
}
