package demoday

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

// The host looks at itself every hour; a step is how fine everything else is. The
// day ends some time after a look, for there to be ages.
const (
	step     = 30 * time.Minute
	interval = time.Hour
	length   = 24*time.Hour + 30*time.Minute
)

// A Day is one that has passed.
type Day struct {
	History    *history.DB
	Start, End time.Time
}

// Options of a day.
type Options struct {
	Dir    string    // where the host and what is kept of it go; must be empty
	Deploy string    // where rule files and routing are
	End    time.Time // when the day ends
	// Twin is the instance of a second host, none if empty: with the branches and
	// the samples of the first, for queries that ask about several.
	Twin string
}

// A day is one that is being lived.
type day struct {
	start, now time.Time
	twin       string
	host       *host
	exporter   *exporter
	actions    *jobs
	receiver   *receiver
	rules      *rules.Set
	history    *history.DB
}

// Record lives a day.
func Record(ctx context.Context, o Options) (*Day, error) {
	d, err := begin(o)
	if err != nil {
		return nil, fmt.Errorf("demo day: %w", err)
	}
	for ; !d.now.After(o.End); d.now = d.now.Add(step) {
		if err := d.step(ctx); err != nil {
			return nil, fmt.Errorf("demo day at %s: %w", d.now.Format(time.TimeOnly), err)
		}
	}
	return &Day{d.history, d.start, o.End}, nil
}

func begin(o Options) (*day, error) {
	d := &day{start: o.End.Add(-length), now: o.End.Add(-length), twin: o.Twin}
	root := filepath.Join(o.Dir, "host")
	if err := demohost.Lay(root, d.start); err != nil {
		return nil, err
	}
	clock := func() time.Time { return d.now }
	d.host = &host{root: root, now: clock}
	tree, err := d.host.open()
	if err != nil {
		return nil, err
	}
	d.exporter = newExporter(tree, filepath.Join(o.Dir, "state"))
	if d.receiver, err = newReceiver(tree, filepath.Join(o.Deploy, "alertmanager", "alertmanager.yml"), o.Dir, clock); err != nil {
		return nil, err
	}
	d.actions = newJobs(tree, d.receiver, o.Dir, clock)
	if d.rules, err = loadRules(filepath.Join(o.Deploy, "prometheus")); err != nil {
		return nil, err
	}
	d.history, err = history.Open(filepath.Join(o.Dir, "history"), d.start, history.Options{Interval: step})
	return d, err
}

func loadRules(dir string) (*rules.Set, error) {
	files, err := filepath.Glob(filepath.Join(dir, "rules", "*.yml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no rule files below %s", dir)
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = "rules/" + filepath.Base(file)
	}
	return rules.Load(os.DirFS(dir), names, rules.Options{})
}

// step is what comes to pass at a time, in the order in which it would.
func (d *day) step(ctx context.Context) error {
	elapsed := d.now.Sub(d.start)
	if err := d.host.live(elapsed); err != nil {
		return err
	}
	if elapsed%interval == 0 {
		if err := d.exporter.look(ctx, d.now); err != nil {
			return err
		}
		if err := d.actions.run(ctx); err != nil {
			return err
		}
	}
	if err := d.scrape(ctx); err != nil {
		return err
	}
	if err := d.rules.Evaluate(ctx, d.history, d.now); err != nil {
		return err
	}
	if err := d.receiver.deliver(ctx, d.alerts(), d.now); err != nil {
		return err
	}
	if err := d.actions.count(); err != nil {
		return err
	}
	return d.host.date()
}
