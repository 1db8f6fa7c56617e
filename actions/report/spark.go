package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/aiosai/aipass-exporter/actions"
)

// spark draws values as blocks of eight heights; "" if there are too few to see
// anything.
func spark(values []float64) string {
	low, high, n := extent(values)
	if n < 2 {
		return ""
	}
	var line strings.Builder
	for _, v := range values {
		switch {
		case !isFinite(v):
			line.WriteRune('·')
		case high == low:
			line.WriteRune('▄')
		default:
			line.WriteRune([]rune("▁▂▃▄▅▆▇█")[int(math.Round(7*(v-low)/(high-low)))])
		}
	}
	return line.String()
}

// extent is between which values all of them are, and how many there are.
func extent(values []float64) (low, high float64, n int) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if isFinite(v) {
			low, high, n = min(low, v), max(high, v), n+1
		}
	}
	return low, high, n
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// sevenDays writes how a figure went in a week: by the history, else by what
// the reports of these days said.
func (w *writer) sevenDays(what, promql string, remembered func(actions.ReportDay) float64, format func(float64) string) {
	values := w.ask.lastWeek(promql)
	if _, _, n := extent(values); n < 2 && remembered != nil {
		values = nil
		for _, day := range w.State.Reports.Before(w.Date) {
			values = append(values, remembered(day))
		}
		values = append(values, remembered(w.day))
		values = values[max(0, len(values)-7):]
	}
	if line := spark(values); line != "" {
		low, high, _ := extent(values)
		w.line("- %s, seven days: %s (%s to %s)", what, line, format(low), format(high))
	}
}

func whole(v float64) string { return fmt.Sprintf("%.0f", v) }
