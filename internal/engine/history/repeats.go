package history

import (
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// repeats are the stored samples of a series and their repetitions, from mint to
// maxt. Only the stored ones are held; which is the i-th of all is reckoned.
type repeats struct {
	step, reach int64
	mint, maxt  int64
	stored      []span
	at          int // the span that was asked for last
	sample      sample
}

// A span is a stored sample and its repetitions, as far as they are within
// bounds.
type span struct {
	first int   // how many samples are before it
	from  int64 // time of its first
	value float64
}

// read takes what is stored. It knows floats only: a textfile holds nothing else.
func (r *repeats) read(stored chunkenc.Iterator) {
	n := 0
	t, v, has := nextFloat(stored)
	for has {
		next, nextValue, more := nextFloat(stored)
		until := min(t+r.reach, r.maxt)
		if more {
			until = min(until, next-1)
		}
		if value.IsStaleNaN(v) {
			until = min(t, r.maxt)
		}
		if from := r.within(t); from <= until {
			r.stored = append(r.stored, span{n, from, v})
			n += int((until-from)/r.step) + 1
		}
		t, v, has = next, nextValue, more
	}
	r.stored = append(r.stored, span{first: n}) // the end
}

// within is the first repetition of a sample of time t that is not before mint.
func (r *repeats) within(t int64) int64 {
	if t >= r.mint {
		return t
	}
	return t + (r.mint-t+r.step-1)/r.step*r.step
}

func nextFloat(it chunkenc.Iterator) (int64, float64, bool) {
	for typ := it.Next(); typ != chunkenc.ValNone; typ = it.Next() {
		if typ == chunkenc.ValFloat {
			t, v := it.At()
			return t, v, true
		}
	}
	return 0, 0, false
}

func (r *repeats) Len() int { return r.stored[len(r.stored)-1].first }

// Get returns the i-th sample, which is valid until it is called again.
func (r *repeats) Get(i int) chunks.Sample {
	if i < r.stored[r.at].first || i >= r.stored[r.at+1].first {
		r.at = sort.Search(len(r.stored), func(n int) bool { return r.stored[n].first > i }) - 1
	}
	s := r.stored[r.at]
	r.sample = sample{s.from + int64(i-s.first)*r.step, s.value}
	return &r.sample
}

type sample struct {
	t int64
	v float64
}

func (s *sample) T() int64                      { return s.t }
func (s *sample) ST() int64                     { return 0 }
func (s *sample) F() float64                    { return s.v }
func (s *sample) H() *histogram.Histogram       { return nil }
func (s *sample) FH() *histogram.FloatHistogram { return nil }
func (s *sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }

func (s *sample) Copy() chunks.Sample {
	c := *s
	return &c
}
