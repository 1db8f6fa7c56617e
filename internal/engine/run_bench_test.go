package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

// A bench is a host on which runs come and go.
type bench struct {
	dir      string
	interval time.Duration
	branches int
	rules    []string
	routing  []byte
	now      time.Time
	alerts   rules.State
	told     routing.State
}

func newBench(b *testing.B, interval time.Duration, branches int) *bench {
	names, err := filepath.Glob("../../deploy/prometheus/rules/*.yml")
	if err != nil || len(names) == 0 {
		b.Fatalf("found %q, %v", names, err)
	}
	text, err := os.ReadFile("routing/testdata/alertmanager.yml")
	if err != nil {
		b.Fatal(err)
	}
	for i := range names {
		names[i] = filepath.Base(names[i])
	}
	return &bench{
		dir: filepath.Join(b.TempDir(), "tsdb"), interval: interval, branches: branches, rules: names, routing: text,
		now: time.Date(2026, 2, 19, 12, 0, 0, 0, time.UTC),
	}
}

// page is what the exporter writes of each branch, as far as the rules ask for
// it: 50 series, of which two make an alert in every branch.
func (h *bench) page() []byte {
	var b bytes.Buffer
	hours := h.now.Unix() / 3600 % 200
	for i := range h.branches {
		for _, file := range []string{"directory", "inbox", "local", "observations", "identity", "dashboard", "readme"} {
			for _, state := range []string{"ok", "missing", "malformed", "unreadable"} {
				is := 0
				if state == "ok" {
					is = 1
				}
				fmt.Fprintf(&b, "aipass_file_state{branch=\"B%d\",file=%q,state=%q} %d\n", i, file, state, is)
			}
			fmt.Fprintf(&b, "aipass_file_modified_timestamp_seconds{branch=\"B%d\",file=%q} %d\n", i, file, h.now.Unix()-3600)
		}
		for _, file := range []string{"local", "observations"} {
			fmt.Fprintf(&b, "aipass_memory_lines{branch=\"B%d\",file=%q} %d\n", i, file, 550+hours)
			fmt.Fprintf(&b, "aipass_memory_lines_limit{branch=\"B%d\",file=%q} 600\n", i, file)
		}
		for _, status := range []string{"new", "opened", "closed", "other"} {
			fmt.Fprintf(&b, "aipass_mail_messages{branch=\"B%d\",status=%q} %d\n", i, status, i%7)
		}
		for _, status := range []string{"new", "opened"} {
			fmt.Fprintf(&b, "aipass_mail_stale_messages{branch=\"B%d\",status=%q} 0\n", i, status)
		}
		for _, scope := range []string{"branch", "system"} {
			fmt.Fprintf(&b, "aipass_log_size_bytes{branch=\"B%d\",scope=%q} %d\n", i, scope, hours*100)
		}
		fmt.Fprintf(&b, "aipass_dashboard_updated_timestamp_seconds{branch=\"B%d\"} %d\n", i, h.now.Unix()-60)
	}
	fmt.Fprintf(&b, "aipass_exporter_last_run_timestamp_seconds %d\n", h.now.Unix())
	fmt.Fprintf(&b, "aipass_exporter_next_run_timestamp_seconds %d\n", h.now.Unix()+3600)
	return b.Bytes()
}

// run is all that a run has to do with the engines.
func (h *bench) run() error {
	ctx := context.Background()
	h.now = h.now.Add(h.interval)
	db, err := history.Open(h.dir, h.now, history.Options{Interval: h.interval})
	if err != nil {
		return err
	}
	_, err = db.Scrape(ctx, history.Scrape{
		Time: h.now, Job: "node", Instance: "localhost:9100",
		Textfiles: []history.Textfile{{Path: "/var/lib/prometheus/node-exporter/aipass.prom", ModTime: h.now, Text: h.page()}},
	})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(h.tell(ctx, db), db.Close())
}

func (h *bench) tell(ctx context.Context, db *history.DB) error {
	set, err := rules.Load(os.DirFS("../../deploy/prometheus/rules"), h.rules, rules.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(set.Restore(h.alerts), set.Evaluate(ctx, db, h.now)); err != nil {
		return err
	}
	router, err := routing.Parse(h.routing, routing.Options{})
	if err != nil {
		return err
	}
	pass, err := router.Route(h.told, set.Alerts(), h.now)
	if err != nil {
		return err
	}
	for _, n := range pass.Notifications {
		pass.Confirm(n)
	}
	h.alerts, h.told = set.State(), pass.State()
	return nil
}

// BenchmarkRun is what the engines cost a run after a week of them.
func BenchmarkRun(b *testing.B) {
	for _, c := range []struct {
		interval time.Duration
		branches int
		before   int
	}{
		{time.Hour, 40, 48},
		{time.Minute, 40, 60},
		{time.Hour, 2000, 4},
	} {
		b.Run(fmt.Sprintf("every=%v,series=%d", c.interval, 50*c.branches), func(b *testing.B) {
			h := newBench(b, c.interval, c.branches)
			for range c.before {
				if err := h.run(); err != nil {
					b.Fatal(err)
				}
			}
			began := cpu(b)
			b.ResetTimer()
			for range b.N {
				if err := h.run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu(b)-began).Milliseconds())/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(len(h.alerts.Alerts)), "alerts")
			state, err := json.Marshal(struct {
				A rules.State
				T routing.State
			}{h.alerts, h.told})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(state)), "state-B")
			b.ReportMetric(float64(size(b, h.dir)), "disk-B")
		})
	}
}

// cpu is what this process has used: on a busy machine it tells more than time.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func size(b *testing.B, dir string) (total int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}
