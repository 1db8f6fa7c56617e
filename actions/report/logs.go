package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/actions"
)

func (w *writer) logs() {
	w.heading("Logs")
	files := w.Look.StrayLogs.Files
	w.day.LogBytes = w.Look.StrayLogs.Bytes
	for i := range w.Look.Branches {
		b := &w.Look.Branches[i]
		files += b.SystemLogs.Files + b.Logs.Value.Files
		w.day.LogBytes += b.SystemLogs.Bytes + b.Logs.Value.Bytes
	}
	w.line("- Size: %s in %s%s", size(float64(w.day.LogBytes)), count(files, "file", "files"), w.sinceLast())
	w.sevenDays("Size", logBytesQuery, func(d actions.ReportDay) float64 { return float64(d.LogBytes) }, size)
	if w.History == nil {
		w.line("- Errors in 24 hours: not known without a history of metrics")
		return
	}
	w.topBranches("Errors in 24 hours", branchErrorsQuery, whole)
	w.sevenDays("Errors in six hours", errorsQuery, nil, whole)
	w.topBranches("Written in 24 hours", branchGrowthQuery, size)
}

// sinceLast is by how much logs have grown since the report before: AIPass's
// own rotation makes them smaller too.
func (w *writer) sinceLast() string {
	before := w.State.Reports.Before(w.Date)
	if len(before) == 0 {
		return ""
	}
	last := before[len(before)-1]
	sign, by := "+", float64(w.day.LogBytes-last.LogBytes)
	if by < 0 {
		sign, by = "-", -by
	}
	return fmt.Sprintf(", %s%s since the report of %s", sign, size(by), last.Date)
}

// topBranches lists the branches with the most of something.
func (w *writer) topBranches(what, promql string, format func(float64) string) {
	series := w.ask.now(promql)
	series = slices.DeleteFunc(series, func(s Series) bool { return !isFinite(s.value()) })
	if len(series) == 0 {
		w.line("- %s: none", what)
		return
	}
	slices.SortFunc(series, func(a, b Series) int {
		return cmp.Or(cmp.Compare(b.value(), a.value()), cmp.Compare(a.Labels["branch"], b.Labels["branch"]))
	})
	var lines []string
	for _, s := range series {
		lines = append(lines, owner(s.Labels["branch"])+": "+format(s.value()))
	}
	w.line("- %s:", what)
	w.list("  ", lines)
}
