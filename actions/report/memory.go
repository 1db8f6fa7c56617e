package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A fill is what is in a branch's memory file or an array of it.
type fill struct {
	branch string
	aipass.Fill
}

// file is its name within the branch.
func (f fill) file() string { return memoryFile(f.File, f.Array) }

func memoryFile(file, array string) string {
	if array == "" {
		return file
	}
	return file + " " + array
}

func (f fill) String() string {
	return fmt.Sprintf("%s: %s (limit %.0f)", f.file(), f.amount(), f.Limit)
}

func (f fill) amount() string {
	if f.Array == "" {
		return count(f.N, "line", "lines")
	}
	return count(f.N, "entry", "entries")
}

// beyondLimits are those over AIPass's own limit.
func (w *writer) beyondLimits() []fill {
	var over []fill
	for i := range w.Look.Branches {
		b := &w.Look.Branches[i]
		for _, f := range w.Look.Fills(b) {
			if f.Limit > 0 && float64(f.N) > f.Limit {
				over = append(over, fill{b.Name, f})
			}
		}
	}
	return over
}

// nearAlerts are those of the rules that tell of memory near its limit, or soon
// there: what is near stands in them alone.
var nearAlerts = [...]string{
	"AIPassMemoryNearLimit", "AIPassMemoryLimitForecast",
	"AIPassMemoryEntriesNearLimit", "AIPassMemoryEntriesLimitForecast",
}

func (w *writer) memory() {
	w.heading("Memory Status")
	over := w.beyondLimits()
	w.day.OverLimit = len(over)
	if len(over) == 0 {
		w.line("- No memory file is over AIPass's limit")
	} else {
		w.line("- Over AIPass's limit: %d", len(over))
	}
	var lines []string
	for _, f := range over {
		lines = append(lines, name(f.branch)+"/"+f.String())
	}
	w.list("  ", lines)
	w.nearLimit()
	w.forecast()
	w.sevenDays("Lines of all memory files", memoryQuery, nil, whole)
}

// nearLimit tells what the alert rules say of it.
func (w *writer) nearLimit() {
	var near []string
	for _, a := range w.State.Alerts.Firing {
		if slices.Contains(nearAlerts[:], a.Name) {
			near = append(near, owner(a.Branch)+": "+said(a.Description))
		}
	}
	switch {
	case len(near) > 0:
		w.line("- Near the limit, or soon there: %d", len(near))
		w.list("  ", near)
	case w.State.Alerts.Known():
		w.line("- None is near its limit, by the alert rules")
	}
}

// A reach is when a memory file will be at its limit.
type reach struct {
	branch, file string
	in           time.Duration
}

func (w *writer) forecast() {
	if w.History == nil {
		w.line("- Forecast: none without a history of metrics")
		return
	}
	reaches := w.reaches()
	var lines []string
	for _, r := range reaches {
		lines = append(lines, fmt.Sprintf("%s/%s: in %s, at about %s", name(r.branch), name(r.file), span(r.in), w.when(w.To.Add(r.in))[:len("2026-02-19 08:00")]))
	}
	if len(lines) == 0 {
		w.line("- Forecast: as they grew in a day, none reaches its limit within a week")
		return
	}
	w.line("- Forecast: as they grew in a day, these reach their limit within a week")
	w.list("  ", lines)
}

// reaches are those of the next week, the first first.
func (w *writer) reaches() []reach {
	var reaches []reach
	for _, promql := range [...]string{linesForecastQuery, entriesForecastQuery} {
		for _, s := range w.ask.now(promql) {
			if seconds := s.value(); isFinite(seconds) && seconds < week.Seconds() {
				in := time.Duration(seconds * float64(time.Second))
				reaches = append(reaches, reach{s.Labels["branch"], memoryFile(s.Labels["file"], s.Labels["array"]), in})
			}
		}
	}
	slices.SortFunc(reaches, func(a, b reach) int {
		return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(a.branch, b.branch), cmp.Compare(a.file, b.file))
	})
	return reaches
}
