package report

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// A History answers questions about metrics of the past, in PromQL.
type History interface {
	Range(ctx context.Context, promql string, from, to time.Time, step time.Duration) ([]Series, error)
}

// A Series is one answer.
type Series struct {
	Labels map[string]string
	Points []Point // in the order of time
}

// A Point is a value at a time.
type Point struct {
	Time  time.Time
	Value float64
}

// What a report asks. Looks may be an hour apart, so what is asked for is the
// newest value of some hours.
const (
	unreadQuery   = `sum(max_over_time(aipass_mail_messages{status="new"}[6h]))`
	memoryQuery   = `sum(max_over_time(aipass_memory_lines[6h]))`
	logBytesQuery = `sum(max_over_time(aipass_log_size_bytes[6h]))`
	errorsQuery   = `sum(increase(aipass_log_messages_total{level=~"error|critical"}[6h]))`

	branchErrorsQuery = `sum by (branch) (increase(aipass_log_messages_total{level=~"error|critical"}[1d])) > 0`
	branchGrowthQuery = `sum by (branch) (increase(aipass_log_read_bytes_total[1d])) > 0`

	// Seconds until a memory file that grows as it did in a day reaches its
	// limit, within a week. With less than half a day of history a single
	// session looks like a trend.
	linesForecastQuery = `(last_over_time(aipass_memory_lines_limit[3h]) - last_over_time(aipass_memory_lines[3h]) > 0)
  / (deriv(aipass_memory_lines[1d]) > 0) < 7 * 86400
  and present_over_time(aipass_memory_lines[2h] offset 10h)`
	entriesForecastQuery = `(last_over_time(aipass_memory_entries_limit[3h]) - last_over_time(aipass_memory_entries[3h]) > 0)
  / (deriv(aipass_memory_entries[1d]) > 0) < 7 * 86400
  and present_over_time(aipass_memory_entries[2h] offset 10h)`
)

// Queries are all that a report may ask a History.
func Queries() []string {
	return []string{
		unreadQuery, memoryQuery, logBytesQuery, errorsQuery, branchErrorsQuery, branchGrowthQuery,
		linesForecastQuery, entriesForecastQuery,
	}
}

// A sparkline has a week, a step for each of its characters.
const (
	week = 7 * 24 * time.Hour
	step = 6 * time.Hour
)

// An asker asks a history, and goes on without what it cannot answer.
type asker struct {
	ctx     context.Context
	history History
	to      time.Time
	err     error
}

// now asks for the values at the end of the report's time.
func (a *asker) now(promql string) []Series {
	return a.ask(promql, a.to, time.Minute)
}

func (a *asker) ask(promql string, from time.Time, step time.Duration) []Series {
	if a.history == nil {
		return nil
	}
	series, err := a.history.Range(a.ctx, promql, from, a.to, step)
	if err != nil {
		a.err = errors.Join(a.err, fmt.Errorf("history: %w", err))
		return nil
	}
	return series
}

// lastWeek is the one series that a query has, a value for each step; NaN where
// there is none.
func (a *asker) lastWeek(promql string) []float64 {
	from := a.to.Add(step - week)
	series := a.ask(promql, from, step)
	if len(series) == 0 {
		return nil
	}
	values := make([]float64, week/step)
	for i := range values {
		values[i] = math.NaN()
	}
	for _, p := range series[0].Points {
		if i := int(p.Time.Sub(from) / step); i >= 0 && i < len(values) {
			values[i] = p.Value
		}
	}
	return values
}

// value is a series' newest.
func (s Series) value() float64 {
	if len(s.Points) == 0 {
		return math.NaN()
	}
	return s.Points[len(s.Points)-1].Value
}
