package grafana

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

var inLegend = regexp.MustCompile(`\{\{(\w+)\}\}`)

// legend is what Grafana writes beside a series.
func legend(t *testing.T, p *dashboard.Panel, target dashboard.Target, s history.Series) string {
	t.Helper()
	name := inLegend.ReplaceAllStringFunc(target.LegendFormat, func(m string) string { return s.Labels[m[2:len(m)-2]] })
	for _, transformation := range p.Transformations {
		if transformation.ID != "renameByRegex" {
			continue
		}
		var rename struct{ Regex, RenamePattern string }
		if err := json.Unmarshal(transformation.Options, &rename); err != nil {
			t.Fatal(err)
		}
		name = regexp.MustCompile("^"+rename.Regex+"$").ReplaceAllString(name, rename.RenamePattern)
	}
	return name
}

func TestLegendsTellSeriesApart(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			seen := map[int]map[string]bool{} // by branch
			for _, target := range p.Targets {
				if target.Format == "table" {
					continue
				}
				for branch, series := range answers(t, &d, p, target) {
					if seen[branch] == nil {
						seen[branch] = map[string]bool{}
					}
					for _, s := range series {
						if name := legend(t, p, target, s); strings.TrimSpace(name) == "" || seen[branch][name] {
							t.Errorf("%s: panel %q: two series are %q", d.File, p.Title, name)
						} else {
							seen[branch][name] = true
						}
					}
				}
			}
		}
	}
}

// Where there is one host its name only makes legends long, unless it is all they say.
func TestOneHostNeedsNoName(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			for _, name := range names(t, &d, p) {
				if strings.Contains(name, " localhost:") {
					t.Errorf("%s: panel %q: %q is longer than it has to be", d.File, p.Title, name)
				}
			}
		}
	}
}
