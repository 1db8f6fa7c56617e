package rules_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

const deploy = "../../../deploy/prometheus"

// What promtool says of the rules that are shipped, runs that begin anew again and
// again say as well: the very same tests.
func TestRunsSayWhatPromtoolSays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(deploy, "tests/*_test.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %q, %v", files, err)
	}
	for _, file := range files {
		f, err := rulefile.ReadTests(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range f.Tests {
			t.Run(filepath.Base(file)+"/"+group.Name, func(t *testing.T) {
				t.Parallel()
				promtoolTest(t, f, group)
			})
		}
	}
}

func promtoolTest(t *testing.T, f rulefile.TestFile, group rulefile.TestGroup) {
	every := duration(t, f.EvaluationInterval)
	var end time.Duration
	for _, test := range group.AlertTests {
		end = max(end, duration(t, test.EvalTime))
	}
	h := newHost(t, os.DirFS(deploy), ruleNames(f.RuleFiles)...)
	samples := inputs(t, group)
	// A dozen runs that begin anew tell as much as a thousand.
	restart := max(1, int(end/every)/12)
	for n := 0; time.Duration(n)*every <= end; n++ {
		at := time.Duration(n) * every
		samples = h.append(samples, at)
		if n%restart == 0 {
			h.restart()
		}
		h.evaluate(at)
		for _, test := range group.AlertTests {
			if when := duration(t, test.EvalTime); at <= when && when < at+every {
				h.check(test)
			}
		}
	}
}

// ruleNames are the files as they are called below deploy.
func ruleNames(files []string) []string {
	var names []string
	for _, f := range files {
		names = append(names, path.Join("tests", f))
	}
	return names
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := model.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d)
}

// An input is a sample that is there from a time on.
type input struct {
	at     time.Duration
	labels labels.Labels
	value  float64
}

func inputs(t *testing.T, group rulefile.TestGroup) []input {
	t.Helper()
	var all []input
	for _, s := range group.InputSeries {
		l, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(s.Series + " " + s.Values)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if !v.Omitted {
				all = append(all, input{time.Duration(i) * duration(t, group.Interval), l, v.Value})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b input) int { return int(a.at - b.at) })
	return all
}

// A host is one on which runs come and go. Times are since 1970, as promtool has
// them.
type host struct {
	t     *testing.T
	files fs.FS
	names []string
	dir   string
	// So often that nothing is carried from one run to the next: the tests say
	// of each sample where it is.
	interval time.Duration
	db       *history.DB
	set      *rules.Set
	now      time.Time
}

func newHost(t *testing.T, files fs.FS, names ...string) *host {
	h := &host{t: t, files: files, names: names, dir: filepath.Join(t.TempDir(), "tsdb"), interval: 29 * time.Second, now: time.Unix(0, 0)}
	h.start(nil)
	t.Cleanup(func() {
		if err := h.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *host) start(kept []byte) {
	h.t.Helper()
	var err error
	if h.db, err = history.Open(h.dir, h.now, history.Options{Interval: h.interval}); err != nil {
		h.t.Fatal(err)
	}
	if h.set, err = rules.Load(h.files, h.names, rules.Options{}); err != nil {
		h.t.Fatal(err)
	}
	if kept == nil {
		return
	}
	var state rules.State
	if err := json.Unmarshal(kept, &state); err != nil {
		h.t.Fatal(err)
	}
	if err := h.set.Restore(state); err != nil {
		h.t.Error(err)
	}
}

// restart ends a run and begins the next with what is on the disk.
func (h *host) restart() {
	h.t.Helper()
	kept, err := json.Marshal(h.set.State())
	if err := errors.Join(err, h.db.Close()); err != nil {
		h.t.Fatal(err)
	}
	h.start(kept)
}

// append writes the samples up to a time, and returns those after it.
func (h *host) append(samples []input, until time.Duration) []input {
	h.t.Helper()
	app := h.db.Appender(h.t.Context())
	n := 0
	for ; n < len(samples) && samples[n].at <= until; n++ {
		s := samples[n]
		if _, err := app.Append(0, s.labels, s.at.Milliseconds(), s.value); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := app.Commit(); err != nil {
		h.t.Fatal(err)
	}
	return samples[n:]
}

func (h *host) evaluate(at time.Duration) {
	h.t.Helper()
	h.now = time.UnixMilli(at.Milliseconds()).UTC()
	if err := h.set.Evaluate(context.Background(), h.db, h.now); err != nil {
		h.t.Error(err)
	}
}

// alerts are those of a name and a state.
func (h *host) alerts(name, state string) []engine.Alert {
	return slices.DeleteFunc(h.set.Alerts(), func(a engine.Alert) bool {
		return a.Labels["alertname"] != name || a.State != state
	})
}

func (h *host) check(test rulefile.AlertTest) {
	h.t.Helper()
	var got []rulefile.ExpAlert
	for _, a := range h.alerts(test.Alertname, engine.Firing) {
		delete(a.Labels, "alertname")
		got = append(got, rulefile.ExpAlert{Labels: a.Labels, Annotations: a.Annotations})
	}
	less := cmpopts.SortSlices(func(a, b rulefile.ExpAlert) bool { return key(a) < key(b) })
	if diff := cmp.Diff(test.ExpAlerts, got, less, cmpopts.EquateEmpty()); diff != "" {
		h.t.Errorf("%s at %s: -promtool +run:\n%s", test.Alertname, test.EvalTime, diff)
	}
}

func key(a rulefile.ExpAlert) string { return labels.FromMap(a.Labels).String() }
