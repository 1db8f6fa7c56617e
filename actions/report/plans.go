package report

import (
	"fmt"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func (w *writer) plans() {
	w.heading("Active Plans")
	switch plans := &w.Look.Plans; {
	case w.Look.PlanRegistry.State() == aipass.Missing:
		w.line("- Flow has no plan registry")
	case !w.Look.PlanRegistry.OK():
		w.line("- Not known, for Flow's plan registry cannot be read")
	default:
		w.day.OpenPlans = plans.Open
		w.line("- Total active: %d", plans.Open)
		w.list("  ", w.oldest(plans.Oldest))
	}
}

func (w *writer) oldest(plans []aipass.Plan) (lines []string) {
	for _, p := range plans {
		since := "open since nobody knows when"
		if p.Dated() {
			since = fmt.Sprintf("open since %s, for %s", w.when(p.Created)[:len("2026-02-19")], span(w.Look.Taken.Sub(p.Created)))
		}
		lines = append(lines, fmt.Sprintf("%s: %s, %s", name(p.ID), said(p.Subject), since))
	}
	return lines
}
