package grafana

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// answers to a query; where only one branch can be chosen, of every branch.
func answers(t *testing.T, d *dashboard.Dashboard, p *dashboard.Panel, target dashboard.Target) (all [][]history.Series) {
	t.Helper()
	step, err := p.Step(24 * time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, branch := range branches(t, d) {
		query := dashboard.Expand(target.Expr, d.Values(branch), step)
		if target.Instant {
			all = append(all, now(t, query))
		} else {
			all = append(all, ask(t, query, step))
		}
	}
	return all
}

// branches are those that one has to choose from.
func branches(t *testing.T, d *dashboard.Dashboard) (names []string) {
	t.Helper()
	for _, v := range d.Templating.List {
		if v.Name == "branch" && v.IncludeAll {
			return []string{v.AllValue}
		}
	}
	for _, s := range now(t, "count by (branch) (aipass_branch_info)") {
		names = append(names, s.Labels["branch"])
	}
	return names
}

func TestEveryQueryFindsDataInTheDemoDay(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			for _, target := range p.Targets {
				if !slices.ContainsFunc(answers(t, &d, p, target), func(s []history.Series) bool { return len(s) > 0 }) {
					t.Errorf("%s: panel %q: nothing is found by %s", d.File, p.Title, target.Expr)
				}
			}
		}
	}
}

// A query with "or" finds something although half of it asks for nothing.
func TestEverySelectorFindsSeriesInTheDemoDay(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			for _, target := range p.Targets {
				query := dashboard.Expand(target.Expr, d.Values("branch"), time.Hour)
				e, err := rulefile.Parse(strings.ReplaceAll(query, `branch="branch"`, `branch!=""`))
				if err != nil {
					t.Fatalf("%s: %v", target.Expr, err)
				}
				for _, selector := range rulefile.Selectors(e) {
					if len(ask(t, selector.String(), time.Hour)) == 0 {
						t.Errorf("%s: panel %q: there is no %s", d.File, p.Title, selector.VectorSelector)
					}
				}
			}
		}
	}
}

func TestAnnotationsFindDataInTheDemoDay(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for _, a := range d.Annotations.List {
			marks := func(branch string) bool {
				return len(ask(t, dashboard.Expand(a.Expr, d.Values(branch), time.Minute), time.Minute)) > 0
			}
			if !slices.ContainsFunc(branches(t, &d), marks) {
				t.Errorf("%s: annotation %s: nothing is found by %s", d.File, a.Name, a.Expr)
			}
		}
	}
}

// What variables can be chosen from is the value of a label of series.
var labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)

func TestThereIsSomethingToChooseFrom(t *testing.T) {
	t.Parallel()
	want := map[string]int{"instance": 3, "branch": 13}
	for _, d := range dashboards(t) {
		for _, v := range d.Templating.List {
			if v.Type != "query" {
				continue
			}
			var q struct{ Query string }
			if err := json.Unmarshal(v.Query, &q); err != nil {
				t.Fatal(err)
			}
			m := labelValues.FindStringSubmatch(q.Query)
			if m == nil {
				t.Fatalf("%s: variable %s: %s", d.File, v.Name, q.Query)
			}
			values := map[string]bool{}
			for _, s := range now(t, dashboard.Expand(m[1], d.Values(""), time.Minute)) {
				values[s.Labels[m[2]]] = true
			}
			if len(values) != want[v.Name] || values[""] {
				t.Errorf("%s: variable %s: got %v, want %d values", d.File, v.Name, slices.Sorted(maps.Keys(values)), want[v.Name])
			}
		}
	}
}
