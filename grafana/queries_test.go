package grafana

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// anyRate is a step that no query has by itself.
const anyRate = 1234567 * time.Second

var placeholders = strings.NewReplacer("$__rate_interval", "1234567s", "$__interval", "60s")

func rulesOfQueries() []rule {
	return []rule{
		{
			"panels ask something",
			ofPanels(func(p *dashboard.Panel) []string { return unless(len(p.Targets) > 0, "has no query") }),
			func(d *dashboard.Dashboard) { d.Panels[0].Targets = nil },
		},
		{
			"rates are over $__rate_interval", ofPanels(rates),
			func(d *dashboard.Dashboard) { d.Panels[0].Targets[0].Expr = `rate(x{instance=~"$instance"}[5m])` },
		},
		{
			"queries heed the host that was chosen",
			ofPanels(func(p *dashboard.Panel) (faults []string) {
				for _, t := range p.Targets {
					faults = append(faults, unless(strings.Contains(t.Expr, `instance=~"$instance"`), "query %s is of all hosts", t.RefID)...)
				}
				return faults
			}),
			func(d *dashboard.Dashboard) { d.Panels[0].Targets[0].Expr = "up" },
		},
		{
			"what is summed up by branch, file or job is so of each host by itself", ofPanels(hostsApart),
			func(d *dashboard.Dashboard) {
				d.Panels[0].Targets[0].Expr = `max by (branch) (x{instance=~"$instance"})`
			},
		},
		{
			"queries have names of their own, and transformations only those", ofPanels(references),
			func(d *dashboard.Dashboard) { d.Panels[0].Targets = slices.Repeat(d.Panels[0].Targets, 2) },
		},
	}
}

func rates(p *dashboard.Panel) (faults []string) {
	for _, t := range p.Targets {
		e, err := rulefile.Parse(placeholders.Replace(t.Expr))
		if err != nil {
			return []string{err.Error()}
		}
		parser.Inspect(e, func(node parser.Node, path []parser.Node) error {
			m, is := node.(*parser.MatrixSelector)
			if !is {
				return nil
			}
			call, _ := path[len(path)-1].(*parser.Call)
			if call != nil && slices.Contains([]string{"rate", "irate", "increase"}, call.Func.Name) {
				faults = append(faults, unless(m.Range == anyRate, "%s is over %v", t.Expr, m.Range)...)
			}
			return nil
		})
	}
	return faults
}

// hostsApart are aggregations that do not mix up what only has the same name.
func hostsApart(p *dashboard.Panel) (faults []string) {
	for _, t := range p.Targets {
		e, err := rulefile.Parse(placeholders.Replace(t.Expr))
		if err != nil {
			return []string{err.Error()}
		}
		parser.Inspect(e, func(node parser.Node, _ []parser.Node) error {
			sum, is := node.(*parser.AggregateExpr)
			if !is || slices.Contains(sum.Grouping, "instance") {
				return nil
			}
			for _, own := range []string{"branch", "file", "action"} {
				faults = append(faults, unless(!slices.Contains(sum.Grouping, own), "query %s mixes up each %s of all hosts", t.RefID, own)...)
			}
			return nil
		})
	}
	return faults
}

// Names that transformations know values by.
var (
	valueOf   = regexp.MustCompile(`"Value #(\w+)"`)
	configRef = regexp.MustCompile(`"configRefId":\s*"(\w+)"`)
)

func references(p *dashboard.Panel) (faults []string) {
	known := map[string]bool{}
	for _, t := range p.Targets {
		faults = append(faults, unless(t.RefID != "" && !known[t.RefID], "query %q is there twice", t.RefID)...)
		known[t.RefID] = true
	}
	for _, t := range p.Transformations {
		faults = append(faults, unless(slices.Contains([]string{"merge", "organize", "configFromData", "renameByRegex"}, t.ID), "transformation %s", t.ID)...)
		for _, m := range append(valueOf.FindAllSubmatch(t.Options, -1), configRef.FindAllSubmatch(t.Options, -1)...) {
			faults = append(faults, unless(known[string(m[1])], "there is no query %s to transform", m[1])...)
		}
	}
	return faults
}
