package history

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
)

// A Series is what a query found of one label set, in order of time.
type Series struct {
	Labels map[string]string
	Points []Point
}

// A Point is a value at a time.
type Point struct {
	Time  time.Time
	Value float64
}

// Query answers an instant query; each series has one point. Series come in the
// order of their labels, unless the query sorts them.
func (d *DB) Query(ctx context.Context, query string, at time.Time) ([]Series, error) {
	vector, err := d.Vector(ctx, query, at)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	series := make([]Series, len(vector))
	for i, s := range vector {
		series[i] = Series{s.Metric.Map(), []Point{{time.UnixMilli(s.T).UTC(), s.F}}}
	}
	return series, nil
}

// QueryRange answers a query for every step from start to end, both included.
func (d *DB) QueryRange(ctx context.Context, query string, start, end time.Time, step time.Duration) ([]Series, error) {
	q, err := d.engine.NewRangeQuery(ctx, d.carried, nil, query, start, end, step)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer q.Close()
	matrix, err := q.Exec(ctx).Matrix()
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	slices.SortFunc(matrix, func(a, b promql.Series) int { return labels.Compare(a.Metric, b.Metric) })
	series := make([]Series, len(matrix))
	for i, s := range matrix {
		series[i].Labels = s.Metric.Map()
		for _, p := range s.Floats {
			series[i].Points = append(series[i].Points, Point{time.UnixMilli(p.T).UTC(), p.F})
		}
	}
	return series, nil
}
