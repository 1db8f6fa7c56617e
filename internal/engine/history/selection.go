package history

import (
	"bytes"
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A Selection is the series that some queries can find: those that one of their
// selectors matches. A query answers the same from these as from all there are.
// nil is all series.
type Selection struct {
	named map[string][]matchers // by the name that they want
	other []matchers            // which want a name in no such way, or any
}

// matchers are those of one selector; a series has to please all.
type matchers []*labels.Matcher

// Select is what queries can find.
func Select(queries ...string) (*Selection, error) {
	s := &Selection{named: map[string][]matchers{}}
	p := parser.NewParser(parser.Options{})
	for _, query := range queries {
		expr, err := p.ParseExpr(query)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		s.Add(expr)
	}
	return s, nil
}

// Add adds what one more query can find.
func (s *Selection) Add(expr parser.Expr) {
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if selector, is := node.(*parser.VectorSelector); is {
			s.add(selector.LabelMatchers)
		}
		return nil
	})
}

func (s *Selection) add(wanted matchers) {
	for _, m := range wanted {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			s.named[m.Value] = append(s.named[m.Value], wanted)
			return
		}
	}
	s.other = append(s.other, wanted)
}

// has says whether a query finds the series.
func (s *Selection) has(series labels.Labels) bool {
	if s == nil {
		return true
	}
	for _, wanted := range s.named[series.Get(model.MetricNameLabel)] {
		if wanted.match(series) {
			return true
		}
	}
	for _, wanted := range s.other {
		if wanted.match(series) {
			return true
		}
	}
	return false
}

// mayHave says whether a query may find the series, by its text: it is quicker to
// ask than to take apart.
func (s *Selection) mayHave(series []byte) bool {
	if s == nil || len(s.other) > 0 {
		return true
	}
	end := bytes.IndexAny(series, "{ \t")
	if end == 0 { // the name is within the braces
		return true
	}
	if end > 0 {
		series = series[:end]
	}
	_, named := s.named[string(series)]
	return named
}

func (m matchers) match(series labels.Labels) bool {
	for _, one := range m {
		if !one.Matches(series.Get(one.Name)) {
			return false
		}
	}
	return true
}
