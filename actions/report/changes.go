package report

import (
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/actions"
)

// changes compares with the report before.
func (w *writer) changes() {
	before := w.State.Reports.Before(w.Date)
	if len(before) == 0 {
		w.heading("Changes")
		w.line("- This is the first report that is remembered")
		return
	}
	last := before[len(before)-1]
	w.heading("Changes since the report of " + last.Date)
	n := w.text.Len()
	w.issuesOf("New", w.day.Issues, last.Issues)
	w.issuesOf("Gone", last.Issues, w.day.Issues)
	for _, f := range figures(last, w.day) {
		if f.before != f.now {
			w.line("- %s: %d, was %d", f.what, f.now, f.before)
		}
	}
	if w.text.Len() == n {
		w.line("- None")
	}
}

// issuesOf lists those that the others have not.
func (w *writer) issuesOf(what string, issues, others []string) {
	var lines []string
	for _, i := range issues {
		if !slices.Contains(others, i) && !slices.Contains(lines, i) {
			lines = append(lines, i)
		}
	}
	if len(lines) > 0 {
		w.line("- %s: %d", what, len(lines))
		w.list("  ", lines)
	}
}

type figure struct {
	what        string
	before, now int
}

func figures(before, now actions.ReportDay) []figure {
	return []figure{
		{"Healthy branches", before.Healthy, now.Healthy},
		{"Warnings", before.Warnings, now.Warnings},
		{"Errors", before.Errors, now.Errors},
		{"Unread", before.Unread, now.Unread},
		{"Messages", before.Messages, now.Messages},
		{"Memory files over AIPass's limit", before.OverLimit, now.OverLimit},
		{"Active plans", before.OpenPlans, now.OpenPlans},
	}
}

// subject is that of the mail with a report.
func subject(date string) string { return fmt.Sprintf("[DAILY] System Report - %s", date) }
