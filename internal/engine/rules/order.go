package rules

import (
	"runtime"
	"slices"
	"sync"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// each does something for each rule, for as many at a time as there are processors:
// for each after those that it has to come after.
func (s *Set) each(do func(int, *rule)) {
	done := make([]chan struct{}, len(s.rules))
	for i := range done {
		done[i] = make(chan struct{})
	}
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, r := range s.rules {
		all.Go(func() {
			defer close(done[i])
			for _, earlier := range r.after {
				<-done[earlier]
			}
			free <- struct{}{}
			defer func() { <-free }()
			do(i, r)
		})
	}
	all.Wait()
}

// setAfter finds which rules come to the same only in their order.
func setAfter(rules []*rule) {
	all := make([]footprint, len(rules))
	for i, r := range rules {
		all[i] = footprintOf(r)
		for earlier := range i {
			if all[i].meets(all[earlier]) {
				r.after = append(r.after, earlier)
			}
		}
	}
}

// A footprint is what a rule reads and writes.
type footprint struct {
	anything bool                // is what it may read
	reads    [][]*labels.Matcher // of the name, for each selector
	writes   []string            // names
	output   string
}

func footprintOf(r *rule) footprint {
	f := footprint{anything: asksAnything(r), writes: []string{r.Name()}, output: kind(r) + r.Name()}
	if kind(r) == alertKind {
		f.writes = []string{alertsMetric, alertsForState}
	}
	parser.Inspect(r.Query(), func(node parser.Node, _ []parser.Node) error {
		if selector, is := node.(*parser.VectorSelector); is {
			f.reads = append(f.reads, ofName(selector.LabelMatchers))
		}
		return nil
	})
	return f
}

func ofName(all []*labels.Matcher) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(all), func(m *labels.Matcher) bool { return m.Name != model.MetricNameLabel })
}

// meets says that one of two rules writes what the other reads or writes.
func (f footprint) meets(g footprint) bool {
	return f.output == g.output || f.readsFrom(g) || g.readsFrom(f)
}

func (f footprint) readsFrom(g footprint) bool {
	return f.anything || slices.ContainsFunc(f.reads, func(selector []*labels.Matcher) bool {
		return slices.ContainsFunc(g.writes, func(name string) bool { return allMatch(selector, name) })
	})
}

func allMatch(matchers []*labels.Matcher, text string) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(text) })
}
