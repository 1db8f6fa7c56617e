package demoday

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// scrapeInterval is how often a Prometheus would have looked.
const scrapeInterval = time.Minute

// WriteOpenMetrics writes the day as promtool makes blocks of it: the samples that
// a Prometheus would have scraped, with their times.
func (d *Day) WriteOpenMetrics(ctx context.Context, w io.Writer) error {
	names, err := d.metrics(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, name := range names {
		series, err := d.History.QueryRange(ctx, name, d.Start, d.End, scrapeInterval)
		if err != nil {
			return err
		}
		for _, s := range series {
			writeSeries(out, s)
		}
	}
	fmt.Fprintln(out, "# EOF")
	return out.Flush()
}

// metrics are the names of all that there was, at any time of the day.
func (d *Day) metrics(ctx context.Context) ([]string, error) {
	series, err := d.History.QueryRange(ctx, `count by (__name__) ({__name__!=""})`, d.Start, d.End, step)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(series))
	for i, s := range series {
		names[i] = s.Labels["__name__"]
	}
	return names, nil
}

func writeSeries(out *bufio.Writer, s history.Series) {
	var labels []string
	for _, name := range slices.Sorted(maps.Keys(s.Labels)) {
		if name != "__name__" {
			labels = append(labels, fmt.Sprintf("%s=%q", name, s.Labels[name]))
		}
	}
	for _, p := range s.Points {
		fmt.Fprintf(out, "%s{%s} %g %d\n", s.Labels["__name__"], strings.Join(labels, ","), p.Value, p.Time.Unix())
	}
}
