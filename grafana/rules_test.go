package grafana

import (
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// A rule is something that all dashboards keep to. Each has a change that breaks
// it, so that it is known to notice.
type rule struct {
	name  string
	check func(d *dashboard.Dashboard) []string
	spoil func(d *dashboard.Dashboard)
}

func rules() []rule {
	return slices.Concat(rulesOfPlace(), rulesOfWords(), rulesOfQueries(), rulesOfChoice())
}

// ofPanels makes a rule's check of one that looks at a panel.
func ofPanels(check func(p *dashboard.Panel) []string) func(*dashboard.Dashboard) []string {
	return func(d *dashboard.Dashboard) (faults []string) {
		for i := range d.Panels {
			for _, fault := range check(&d.Panels[i]) {
				faults = append(faults, fmt.Sprintf("panel %q: %s", d.Panels[i].Title, fault))
			}
		}
		return faults
	}
}

// unless is a fault if something does not hold.
func unless(ok bool, format string, args ...any) []string {
	if ok {
		return nil
	}
	return []string{fmt.Sprintf(format, args...)}
}

func rulesOfPlace() []rule {
	return []rule{
		{
			"panels stand within the columns",
			ofPanels(func(p *dashboard.Panel) []string {
				g := p.GridPos
				return unless(g.X >= 0 && g.Y >= 0 && g.W > 0 && g.H > 0 && g.X+g.W <= dashboard.Columns, "is at %+v", g)
			}),
			func(d *dashboard.Dashboard) { d.Panels[0].GridPos.X = 22 },
		},
		{
			"no panels overlap", overlaps,
			func(d *dashboard.Dashboard) { d.Panels[1].GridPos.X-- },
		},
		{
			"ids of panels are their own",
			func(d *dashboard.Dashboard) []string {
				return doubles(d, func(p *dashboard.Panel) string { return fmt.Sprint("id ", p.ID) })
			},
			func(d *dashboard.Dashboard) { d.Panels[1].ID = d.Panels[0].ID },
		},
	}
}

func overlaps(d *dashboard.Dashboard) (faults []string) {
	for i, p := range d.Panels {
		for _, q := range d.Panels[:i] {
			a, b := p.GridPos, q.GridPos
			apart := a.X+a.W <= b.X || b.X+b.W <= a.X || a.Y+a.H <= b.Y || b.Y+b.H <= a.Y
			faults = append(faults, unless(apart, "%q overlaps %q", p.Title, q.Title)...)
		}
	}
	return faults
}

func doubles(d *dashboard.Dashboard, of func(*dashboard.Panel) string) (faults []string) {
	seen := map[string]bool{}
	for i := range d.Panels {
		key := of(&d.Panels[i])
		faults = append(faults, unless(!seen[key], "%s is there twice", key)...)
		seen[key] = true
	}
	return faults
}
