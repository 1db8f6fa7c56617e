package grafana

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// chosen is the data source that is chosen above the panels.
var chosen = dashboard.Datasource{Type: "prometheus", UID: "${datasource}"}

// rulesOfChoice are about what can be chosen, and where one gets from here.
func rulesOfChoice() []rule {
	return []rule{
		{
			"uids are fixed, and the files'",
			func(d *dashboard.Dashboard) []string {
				want := "aipass-" + strings.TrimSuffix(filepath.Base(d.File), ".json")
				return unless(d.UID == want, "has the uid %q, want %q", d.UID, want)
			},
			func(d *dashboard.Dashboard) { d.UID = "" },
		},
		{
			"dashboards are changed in the repository",
			func(d *dashboard.Dashboard) []string { return unless(!d.Editable, "can be edited") },
			func(d *dashboard.Dashboard) { d.Editable = true },
		},
		{
			"everything asks the data source that was chosen", sources,
			func(d *dashboard.Dashboard) { d.Panels[0].Datasource.UID = "aipass-prometheus" },
		},
		{
			"data source, host and branch can be chosen, and the choice is heeded", variables,
			func(d *dashboard.Dashboard) { d.Templating.List = d.Templating.List[1:] },
		},
		{
			"all are found by their tag, and lead to each other",
			func(d *dashboard.Dashboard) []string {
				leads := func(l dashboard.Link) bool { return l.Type == "dashboards" && slices.Contains(l.Tags, "aipass") }
				return unless(slices.Contains(d.Tags, "aipass") && slices.ContainsFunc(d.Links, leads), "stands alone")
			},
			func(d *dashboard.Dashboard) { d.Links = nil },
		},
		{
			"alerts and cleanups are marked",
			func(d *dashboard.Dashboard) []string {
				marked := []string{}
				for _, a := range d.Annotations.List {
					marked = append(marked, a.Name)
				}
				return unless(slices.Equal(marked, []string{"Alerts", "Cleanups"}), "marks %q", marked)
			},
			func(d *dashboard.Dashboard) { d.Annotations.List = nil },
		},
	}
}

func sources(d *dashboard.Dashboard) (faults []string) {
	for _, p := range d.Panels {
		faults = append(faults, unless(p.Datasource == chosen, "panel %q asks %+v", p.Title, p.Datasource)...)
	}
	for _, a := range d.Annotations.List {
		faults = append(faults, unless(a.Datasource == chosen, "annotation %q asks %+v", a.Name, a.Datasource)...)
	}
	for _, v := range d.Templating.List {
		faults = append(faults, unless(v.Type == "datasource" || v.Datasource == chosen, "variable %q asks %+v", v.Name, v.Datasource)...)
	}
	return faults
}

func variables(d *dashboard.Dashboard) (faults []string) {
	kinds := map[string]string{}
	var asked []string
	for _, p := range d.Panels {
		asked = append(asked, p.Datasource.UID)
		for _, t := range p.Targets {
			asked = append(asked, t.Expr)
		}
	}
	for _, v := range d.Templating.List {
		kinds[v.Name] = v.Type
		heeds := func(text string) bool {
			return strings.Contains(text, "$"+v.Name) || strings.Contains(text, "${"+v.Name+"}")
		}
		faults = append(faults, unless(slices.ContainsFunc(asked, heeds), "nothing heeds %s", v.Name)...)
	}
	for name, kind := range map[string]string{"datasource": "datasource", "instance": "query", "branch": "query"} {
		faults = append(faults, unless(kinds[name] == kind, "no variable %s", name)...)
	}
	return faults
}
