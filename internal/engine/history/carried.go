package history

import (
	"context"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// carried is a storage whose samples are repeated every step until the next one,
// a staleness marker, or the end of their reach: what was scraped between runs.
type carried struct {
	in          storage.Queryable
	step, reach int64 // milliseconds
}

func (c carried) Querier(mint, maxt int64) (storage.Querier, error) {
	q, err := c.in.Querier(mint-c.reach, maxt)
	if err != nil {
		return nil, err
	}
	return carriedQuerier{q, c, mint, maxt}, nil
}

type carriedQuerier struct {
	storage.Querier
	carried
	mint, maxt int64
}

func (q carriedQuerier) Select(ctx context.Context, sorted bool, hints *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &carriedSet{carried: q.carried, mint: q.mint, maxt: q.maxt}
	if hints != nil {
		set.mint, set.maxt = hints.Start, hints.End
		earlier := *hints
		earlier.Start -= q.reach
		hints = &earlier
	}
	set.SeriesSet = q.Querier.Select(ctx, sorted, hints, matchers...)
	return set
}

type carriedSet struct {
	storage.SeriesSet
	carried
	mint, maxt int64
	stored     chunkenc.Iterator // of whichever series was read last
}

func (s *carriedSet) At() storage.Series { return carriedSeries{s.SeriesSet.At(), s} }

func (s *carriedSet) Err() error { return read(s.SeriesSet.Err()) }

type carriedSeries struct {
	storage.Series
	set *carriedSet
}

func (s carriedSeries) Iterator(chunkenc.Iterator) chunkenc.Iterator {
	r := &repeats{step: s.set.step, reach: s.set.reach, mint: s.set.mint, maxt: s.set.maxt}
	s.set.stored = s.Series.Iterator(s.set.stored)
	r.read(s.set.stored)
	if err := s.set.stored.Err(); err != nil {
		return failed{storage.NewListSeriesIterator(r), read(err)}
	}
	return storage.NewListSeriesIterator(r)
}

// failed iterates over what could be read, and then says why that is not all.
type failed struct {
	chunkenc.Iterator
	err error
}

func (f failed) Err() error { return f.err }
