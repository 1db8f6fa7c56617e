package alerting_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/deploy/prometheus"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// A record is what runs have scraped, and what fired in them.
type record struct {
	t      *testing.T
	series map[string]map[int]float64 // by name and labels, by hour
	tests  []object
	fired  int
}

type object = map[string]any

func newRecord(t *testing.T) *record { return &record{t: t, series: map[string]map[int]float64{}} }

// scraped asks for what is not recorded by rules.
func (r *record) scraped(hour int, now time.Time) func(context.Context, *history.DB) error {
	return func(ctx context.Context, db *history.DB) error {
		all, err := db.Query(ctx, `{__name__!~"ALERTS.*|aipass:.*", instance!=""}`, now)
		for _, s := range all {
			key := series(s.Labels)
			if r.series[key] == nil {
				r.series[key] = map[int]float64{}
			}
			r.series[key][hour] = sinceBegin(s.Labels["__name__"], s.Points[0].Value)
		}
		return err
	}
}

// sinceBegin is a time as promtool, for which it begins in 1970, would scrape it.
func sinceBegin(name string, v float64) float64 {
	if strings.HasSuffix(name, "_timestamp_seconds") || strings.HasSuffix(name, "_mtime_seconds") {
		return v - float64(eight.Unix())
	}
	return v
}

func series(labels map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if name != "__name__" {
			list = append(list, fmt.Sprintf("%s=%q", name, labels[name]))
		}
	}
	return labels["__name__"] + "{" + strings.Join(list, ",") + "}"
}

// fire notes what fires, and of each other rule that nothing does.
func (r *record) fire(hour int, found []engine.Alert) {
	r.t.Helper()
	set, err := shippedRules()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, name := range set.Names() {
		if strings.Contains(name, ":") {
			continue
		}
		expect := []object{}
		for _, a := range found {
			if a.Labels["alertname"] == name && a.State == engine.Firing {
				labels, annotations := maps.Clone(a.Labels), maps.Clone(a.Annotations)
				delete(labels, "alertname")
				delete(annotations, "description")
				expect = append(expect, object{"exp_labels": labels, "exp_annotations": annotations})
			}
		}
		r.fired += len(expect)
		r.tests = append(r.tests, object{"eval_time": fmt.Sprintf("%dh", hour), "alertname": name, "exp_alerts": expect})
	}
}

// values are those of a series, a minute each, in promtool's notation.
func values(byHour map[int]float64) string {
	var list []string
	for hour := range hours {
		v, there := byHour[hour]
		_, before := byHour[hour-1]
		switch {
		case there:
			list = append(list, strconv.FormatFloat(v, 'f', -1, 64)+"+0x59")
		case before:
			list = append(list, "stale", "_x59")
		default:
			list = append(list, "_x60")
		}
	}
	return strings.Join(list, " ")
}

func (r *record) promtoolAgrees() {
	r.t.Helper()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		r.t.Fatalf("%v: install prometheus (make test-deps)", err)
	}
	if r.fired < 2*hours {
		r.t.Fatalf("%d alerts in %d runs: it is no test", r.fired, hours)
	}
	input := []object{}
	for _, key := range slices.Sorted(maps.Keys(r.series)) {
		input = append(input, object{"series": key, "values": values(r.series[key])})
	}
	text, err := json.Marshal(object{ // JSON is YAML
		"rule_files": []string{"*.yml"}, "evaluation_interval": "10m",
		"tests": []object{{"interval": "1m", "input_series": input, "alert_rule_test": r.tests}},
	})
	must(r.t, err)
	dir := r.t.TempDir()
	writeRulesWithoutDescriptions(r.t, dir)
	file := filepath.Join(dir, "hours.json")
	must(r.t, os.WriteFile(file, text, 0o644))
	if out, err := exec.Command(promtool, "test", "rules", file).CombinedOutput(); err != nil {
		r.t.Errorf("%v\n%s", err, out)
	}
}

var description = regexp.MustCompile(`(?m)^ +description: .*\n`)

func writeRulesWithoutDescriptions(t *testing.T, dir string) {
	t.Helper()
	names, err := fs.Glob(prometheus.Rules(), "rules/*.yml")
	must(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(prometheus.Rules(), name)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), description.ReplaceAll(text, nil), 0o644))
	}
}
