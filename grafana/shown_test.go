package grafana

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// names are what a panel calls what it shows: a table its columns, any other panel
// its series on the demo day.
func names(t *testing.T, d *dashboard.Dashboard, p *dashboard.Panel) []string {
	t.Helper()
	if p.Type == "table" {
		return slices.Collect(maps.Values(organized(t, p).RenameByName))
	}
	var all []string
	for _, target := range p.Targets {
		for _, series := range answers(t, d, p, target) {
			for _, s := range series {
				all = append(all, legend(t, p, target, s))
			}
		}
	}
	return all
}

// A table's last transformation says which columns there are, and in which order.
type organize struct {
	IndexByName   map[string]int
	RenameByName  map[string]string
	ExcludeByName map[string]bool
}

func organized(t *testing.T, p *dashboard.Panel) (o organize) {
	t.Helper()
	for _, transformation := range p.Transformations {
		if transformation.ID == "organize" {
			if err := json.Unmarshal(transformation.Options, &o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return o
}

func TestOverridesAreOfWhatIsShown(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			for _, o := range p.FieldConfig.Overrides {
				matches := func(name string) bool { return name == o.Matcher.Options }
				if o.Matcher.ID == "byRegexp" {
					matches = regexp.MustCompile(o.Matcher.Options).MatchString
				}
				if !slices.ContainsFunc(names(t, &d, p), matches) {
					t.Errorf("%s: panel %q: nothing there is called %s", d.File, p.Title, o.Matcher.Options)
				}
			}
		}
	}
}

// What a table has columns of, its queries have to give; what else they give is
// left out by name, for Grafana shows what nobody mentions.
func TestColumnsAreWhatTheQueriesGive(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			p := &d.Panels[i]
			if p.Type != "table" {
				continue
			}
			given, o := columns(t, &d, p), organized(t, p)
			for name := range o.IndexByName {
				if !given[name] || o.RenameByName[name] == "" {
					t.Errorf("%s: panel %q: there is no %s, or it has no name", d.File, p.Title, name)
				}
			}
			for name := range given {
				if _, has := o.IndexByName[name]; !has && !o.ExcludeByName[name] {
					t.Errorf("%s: panel %q: %s is shown for want of a word", d.File, p.Title, name)
				}
			}
		}
	}
}

// columns are those of all answers as Grafana calls them, merged.
func columns(t *testing.T, d *dashboard.Dashboard, p *dashboard.Panel) map[string]bool {
	t.Helper()
	given := map[string]bool{"Time": true}
	for _, target := range p.Targets {
		value := "Value #" + target.RefID
		if len(p.Targets) == 1 {
			value = "Value"
		}
		given[value] = true
		for _, series := range answers(t, d, p, target) {
			for _, s := range series {
				for label := range s.Labels {
					given[label] = true
				}
			}
		}
	}
	return given
}
