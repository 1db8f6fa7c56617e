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

// Where the samples come from, as in the Prometheus configuration that the project
// ships, and what they are called in the textfile directory.
const (
	nodeTarget     = "localhost:9100"
	receiverTarget = "localhost:10148"
	textfiles      = "/var/lib/prometheus/node-exporter/"
)

// A Day is one that has passed.
type Day struct {
	History    *history.DB
	Start, End time.Time
}

// A day is one that is being lived.
type day struct {
	start, now time.Time
	host       *host
	exporter   *exporter
	actions    *jobs
	receiver   *receiver
	rules      *rules.Set
	history    *history.DB
}

// Record lives the day that ends at end. The host and what is kept of it go into
// dir, which must be empty; rule files and routing are those below deploy.
func Record(ctx context.Context, dir, deploy string, end time.Time) (*Day, error) {
	d, err := begin(dir, deploy, end)
	if err != nil {
		return nil, fmt.Errorf("demo day: %w", err)
	}
	for ; !d.now.After(end); d.now = d.now.Add(step) {
		if err := d.step(ctx); err != nil {
			return nil, fmt.Errorf("demo day at %s: %w", d.now.Format(time.TimeOnly), err)
		}
	}
	return &Day{d.history, d.start, end}, nil
}

func begin(dir, deploy string, end time.Time) (*day, error) {
	d := &day{start: end.Add(-length), now: end.Add(-length)}
	root := filepath.Join(dir, "host")
	if err := demohost.Lay(root, d.start); err != nil {
		return nil, err
	}
	clock := func() time.Time { return d.now }
	d.host = &host{root: root, now: clock}
	tree, err := d.host.open()
	if err != nil {
		return nil, err
	}
	d.exporter = newExporter(tree, filepath.Join(dir, "state"))
	if d.receiver, err = newReceiver(tree, filepath.Join(deploy, "alertmanager", "alertmanager.yml"), dir, clock); err != nil {
		return nil, err
	}
	d.actions = newJobs(tree, d.receiver, dir, clock)
	if d.rules, err = loadRules(filepath.Join(deploy, "prometheus")); err != nil {
		return nil, err
	}
	d.history, err = history.Open(filepath.Join(dir, "history"), d.start, history.Options{Interval: step})
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
	if err := d.receiver.deliver(ctx, d.rules.Alerts(), d.now); err != nil {
		return err
	}
	if err := d.actions.count(); err != nil {
		return err
	}
	return d.host.date()
}

func (d *day) scrape(ctx context.Context) error {
	page, err := d.receiver.page()
	if err != nil {
		return err
	}
	for _, s := range []history.Scrape{
		{Job: "node", Instance: nodeTarget, Textfiles: []history.Textfile{d.exporter.textfile, d.actions.textfile}},
		{Job: "aipass-actions", Instance: receiverTarget, Host: page},
	} {
		s.Time = d.now
		faults, err := d.history.Scrape(ctx, s)
		if err != nil {
			return err
		}
		if len(faults) > 0 {
			return faults[0]
		}
	}
	return nil
}
