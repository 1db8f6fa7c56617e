package history

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Record writes what a rule made at t, and that whatever else the matchers find
// from before is no more; without matchers, nothing of the sort.
func (d *DB) Record(ctx context.Context, t time.Time, samples promql.Vector, matchers ...*labels.Matcher) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	w := writer{app: d.tsdb.Appender(ctx), t: t.UnixMilli(), seen: map[uint64]struct{}{}}
	for _, s := range samples {
		w.seen[s.Metric.Hash()] = struct{}{}
		w.append(s.Metric, s.F)
	}
	var err error
	if len(matchers) > 0 {
		err = d.lastSamples(ctx, w.t-d.seen().Milliseconds(), w.t-1, matchers, w.over)
	}
	if err := w.commit(err); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// seen is how far back a query may still find a sample.
func (d *DB) seen() time.Duration { return max(d.reach, lookback) }

// lastSamples tells of each series the time of the last sample from mint to
// maxt, unless that is a staleness marker.
func (d *DB) lastSamples(ctx context.Context, mint, maxt int64, matchers []*labels.Matcher, tell func(labels.Labels, int64)) error {
	q, err := d.tsdb.Querier(mint, maxt)
	if err != nil {
		return err
	}
	defer q.Close()
	set := q.Select(ctx, false, nil, matchers...)
	var it chunkenc.Iterator
	for set.Next() {
		series := set.At()
		it = series.Iterator(it)
		last, v := int64(0), math.Float64frombits(value.StaleNaN)
		for it.Next() == chunkenc.ValFloat {
			last, v = it.At()
		}
		if err := it.Err(); err != nil {
			return read(err)
		}
		if !value.IsStaleNaN(v) {
			tell(series.Labels(), last)
		}
	}
	return read(set.Err())
}
