package grafana

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// units are those of Grafana's that are used here.
var units = []string{"short", "none", "s", "bytes", "percentunit", "dateTimeFromNow"}

func rulesOfWords() []rule {
	return []rule{
		{
			"panels have titles of their own",
			func(d *dashboard.Dashboard) []string {
				untitled := ofPanels(func(p *dashboard.Panel) []string { return unless(p.Title != "", "has no title") })(d)
				return append(untitled, doubles(d, func(p *dashboard.Panel) string { return p.Title })...)
			},
			func(d *dashboard.Dashboard) { d.Panels[0].Title = d.Panels[1].Title },
		},
		{
			"panels are described in sentences",
			ofPanels(func(p *dashboard.Panel) []string {
				return unless(len(p.Description) > 20 && strings.HasSuffix(p.Description, "."), "is described by %q", p.Description)
			}),
			func(d *dashboard.Dashboard) { d.Panels[0].Description = "" },
		},
		{
			"values have units",
			ofPanels(func(p *dashboard.Panel) []string {
				return unless(slices.Contains(units, unit(p)), "has the unit %q", unit(p))
			}),
			func(d *dashboard.Dashboard) { d.Panels[0].FieldConfig.Defaults.Unit = "" },
		},
		{
			"series have legends, tables have columns",
			ofPanels(func(p *dashboard.Panel) (faults []string) {
				for _, t := range p.Targets {
					named := t.LegendFormat != "" && t.LegendFormat != "__auto"
					faults = append(faults, unless(named != (t.Format == "table"), "query %s has the legend %q", t.RefID, t.LegendFormat)...)
				}
				return faults
			}),
			func(d *dashboard.Dashboard) { d.Panels[0].Targets[0].LegendFormat = "" },
		},
		{
			"no threshold is typed in: only the first of what should not be",
			ofPanels(thresholds),
			func(d *dashboard.Dashboard) { *firstThreshold(d) = 600 },
		},
		{
			"no threshold is at the whole of a limit: what reaches one is not beyond it",
			ofPanels(limits),
			func(d *dashboard.Dashboard) {
				for i := range d.Panels {
					d.Panels[i].FieldConfig.Defaults.Unit = "percentunit"
				}
			},
		},
	}
}

// unit of a heatmap is that of its axis.
func unit(p *dashboard.Panel) string {
	if p.Type != "heatmap" {
		return p.FieldConfig.Defaults.Unit
	}
	var options struct{ YAxis struct{ Unit string } }
	_ = json.Unmarshal(p.Options, &options)
	return options.YAxis.Unit
}

func thresholds(p *dashboard.Panel) (faults []string) {
	all := []dashboard.Thresholds{p.FieldConfig.Defaults.Thresholds}
	for _, o := range p.FieldConfig.Overrides {
		for _, property := range o.Properties {
			var t dashboard.Thresholds
			if property.ID == "thresholds" && json.Unmarshal(property.Value, &t) == nil {
				all = append(all, t)
			}
		}
	}
	for _, t := range all {
		for _, step := range t.Steps {
			faults = append(faults, unless(step.Value == nil || *step.Value == 1, "has a threshold that is no metric's")...)
		}
	}
	return faults
}

// limits looks at shares: a threshold is reached as soon as a value equals it.
func limits(p *dashboard.Panel) (faults []string) {
	check := func(unit string, t dashboard.Thresholds) {
		for _, step := range t.Steps {
			faults = append(faults, unless(unit != "percentunit" || step.Value == nil, "has a threshold of a share")...)
		}
	}
	check(p.FieldConfig.Defaults.Unit, p.FieldConfig.Defaults.Thresholds)
	for _, o := range p.FieldConfig.Overrides {
		unit, own := p.FieldConfig.Defaults.Unit, dashboard.Thresholds{}
		for _, property := range o.Properties {
			switch property.ID {
			case "unit":
				_ = json.Unmarshal(property.Value, &unit)
			case "thresholds":
				_ = json.Unmarshal(property.Value, &own)
			}
		}
		check(unit, own)
	}
	return faults
}

func firstThreshold(d *dashboard.Dashboard) *float64 {
	for _, p := range d.Panels {
		for _, step := range p.FieldConfig.Defaults.Thresholds.Steps {
			if step.Value != nil {
				return step.Value
			}
		}
	}
	panic("no panel has a threshold")
}
