package rulefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Metrics says what is known of the series that are selected. It may leave out
// what the matchers say themselves.
type Metrics func(*parser.VectorSelector) Labels

// Result is what is known of the series that an expression results in, and what
// in it cannot work: operands that never find each other, matching by labels that
// there are none of.
func (m Metrics) Result(e parser.Expr) (Labels, []string) {
	a := analysis{metrics: m}
	return a.of(e), a.faults
}

type analysis struct {
	metrics Metrics
	faults  []string
}

func (a *analysis) of(e parser.Expr) Labels {
	switch e := e.(type) {
	case *parser.VectorSelector:
		return narrowed(a.metrics(e), e.LabelMatchers)
	case *parser.MatrixSelector:
		return a.of(e.VectorSelector)
	case *parser.SubqueryExpr:
		return a.of(e.Expr)
	case *parser.ParenExpr:
		return a.of(e.Expr)
	case *parser.UnaryExpr:
		return a.of(e.Expr)
	case *parser.Call:
		return a.call(e)
	case *parser.AggregateExpr:
		return a.aggregate(e)
	case *parser.BinaryExpr:
		return a.binary(e)
	}
	return Labels{} // numbers and strings
}

func (a *analysis) call(e *parser.Call) Labels {
	switch {
	case strings.HasPrefix(e.Func.Name, "absent"):
		return asked(e)
	case strings.HasPrefix(e.Func.Name, "label_"):
		a.faults = append(a.faults, e.Func.Name+" is more than this analysis knows")
	}
	for _, arg := range e.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return a.of(arg)
		}
	}
	return Labels{}
}

// asked is what absent and absent_over_time know: what they were asked for.
func asked(e *parser.Call) Labels {
	given := Labels{map[string]bool{}, map[string]string{}}
	for _, s := range Selectors(e) {
		for _, m := range s.LabelMatchers {
			if m.Type == labels.MatchEqual && m.Name != model.MetricNameLabel {
				given.Has[m.Name], given.Is[m.Name] = true, m.Value
			}
		}
	}
	return given
}

func (a *analysis) aggregate(e *parser.AggregateExpr) Labels {
	s := a.of(e.Expr)
	for _, label := range e.Grouping {
		if !s.may(label) {
			a.fault(e, "groups by %s, which is no label there", label)
		}
	}
	if e.Op == parser.TOPK || e.Op == parser.BOTTOMK {
		return s
	}
	return s.only(func(label string) bool { return slices.Contains(e.Grouping, label) != e.Without })
}

func (a *analysis) binary(e *parser.BinaryExpr) Labels {
	l, r := a.of(e.LHS), a.of(e.RHS)
	m := e.VectorMatching
	switch {
	case e.LHS.Type() == parser.ValueTypeScalar:
		return r
	case e.RHS.Type() == parser.ValueTypeScalar:
		return l
	case e.Op == parser.LOR:
		return either(l, r)
	}
	a.match(e, l, r)
	switch {
	case e.Op == parser.LAND || e.Op == parser.LUNLESS:
		return l
	case m.Card == parser.CardManyToOne:
		return l.with(r, m.Include)
	case m.Card == parser.CardOneToMany:
		return r.with(l, m.Include)
	}
	return l.only(func(label string) bool { return slices.Contains(m.MatchingLabels, label) == m.On })
}

// match finds out whether operands can find each other.
func (a *analysis) match(e *parser.BinaryExpr, l, r Labels) {
	both := either(l, r)
	for _, label := range e.VectorMatching.MatchingLabels {
		if !both.may(label) {
			a.fault(e, "matches by %s, which is no label there", label)
		}
	}
	for _, label := range slices.Sorted(maps.Keys(both.Has)) {
		if slices.Contains(e.VectorMatching.MatchingLabels, label) != e.VectorMatching.On {
			continue
		}
		always, sometimes := l.Has[label], l.may(label)
		otherAlways, otherSometimes := r.Has[label], r.may(label)
		value, one := l.Is[label]
		other, otherOne := r.Is[label]
		switch {
		case always && !otherSometimes || otherAlways && !sometimes:
			a.fault(e, "only one side has %s: they never match", label)
		case one && otherOne && value != other:
			a.fault(e, "%s is %q on one side and %q on the other: they never match", label, value, other)
		}
	}
}

func (a *analysis) fault(e parser.Expr, format string, args ...any) {
	a.faults = append(a.faults, fmt.Sprintf(format, args...)+": "+e.String())
}
