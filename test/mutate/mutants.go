package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// A mutant is a rule file in which one thing is wrong.
type mutant struct {
	rule rulefile.Rule // as it should be
	what string
	file rulefile.File
}

// A change is what can be wrong with one rule.
type change struct {
	what string
	rule rulefile.Rule
}

// mutants lists what can be wrong with a rule file.
func mutants(f rulefile.File) ([]mutant, error) {
	var all []mutant
	for g, group := range f.Groups {
		for r, rule := range group.Rules {
			changes, err := changes(rule)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rule.Name(), err)
			}
			for _, c := range changes {
				all = append(all, mutant{rule, c.what, with(f, g, r, c.rule)})
			}
			all = append(all, mutant{rule, "rule dropped", with(f, g, r)})
		}
	}
	return all, nil
}

// with is the file with other rules in the place of one.
func with(f rulefile.File, group, rule int, others ...rulefile.Rule) rulefile.File {
	groups := slices.Clone(f.Groups)
	groups[group].Rules = slices.Replace(slices.Clone(groups[group].Rules), rule, rule+1, others...)
	return rulefile.File{Groups: groups}
}

func changes(r rulefile.Rule) ([]change, error) {
	exprs, err := exprs(r.Expr)
	if err != nil {
		return nil, err
	}
	var all []change
	for _, e := range exprs {
		changed := r
		changed.Expr = e.text
		all = append(all, change{e.what, changed})
	}
	for _, d := range []struct {
		what string
		of   func(*rulefile.Rule) *string
	}{
		{"for", func(r *rulefile.Rule) *string { return &r.For }},
		{"keep_firing_for", func(r *rulefile.Rule) *string { return &r.KeepFiringFor }},
	} {
		waits, err := otherWaits(*d.of(&r))
		if err != nil {
			return nil, err
		}
		for _, w := range waits {
			changed := r
			*d.of(&changed) = w
			all = append(all, change{fmt.Sprintf("%s %s -> %q", d.what, *d.of(&r), w), changed})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
		dropped, changed := r, r
		dropped.Labels, changed.Labels = maps.Clone(r.Labels), maps.Clone(r.Labels)
		delete(dropped.Labels, name)
		changed.Labels[name] += "x"
		all = append(all, change{"label " + name + " dropped", dropped}, change{"label " + name + " changed", changed})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Annotations)) {
		dropped := r
		dropped.Annotations = maps.Clone(r.Annotations)
		delete(dropped.Annotations, name)
		all = append(all, change{"annotation " + name + " dropped", dropped})
	}
	return all, nil
}

// otherWaits are none, and a minute more and less.
func otherWaits(wait string) ([]string, error) {
	if wait == "" {
		return nil, nil
	}
	d, err := parseDuration(wait)
	if err != nil {
		return nil, err
	}
	return []string{"", seconds(d + time.Minute), seconds(d - time.Minute)}, nil
}

// parseDuration knows the only units that rules here use.
func parseDuration(s string) (time.Duration, error) {
	if days, is := strings.CutSuffix(s, "d"); is {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%ds", int(d.Seconds())) }

// An edit is a changed expression.
type edit struct{ what, text string }

// others of an operator: the opposite, and the one that differs at the
// threshold only.
var others = map[string][]string{
	">": {"<", ">="}, ">=": {"<", ">"}, "<": {">", "<="}, "<=": {">", "<"}, "==": {"!="}, "!=": {"=="},
	"and": {"unless"}, "unless": {"and"}, "or": {"and", "unless"},
}

// negations of matchers.
var negations = map[string]string{"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}

func exprs(text string) ([]edit, error) {
	e, err := rulefile.Parse(text)
	if err != nil {
		return nil, err
	}
	items, err := rulefile.Tokens(text)
	if err != nil {
		return nil, err
	}
	x := expr{text: text, items: items}
	inBraces := false
	for i, item := range items {
		switch {
		case item.Typ == parser.LEFT_BRACE || item.Typ == parser.RIGHT_BRACE:
			inBraces = item.Typ == parser.LEFT_BRACE
		case inBraces:
			if by := negations[item.Val]; by != "" {
				x.replace(i, i, by)
				x.replace(i, i+1, `=~".*"`)
			}
		case others[item.Val] != nil:
			x.operator(i)
		case item.Typ == parser.NUMBER && rulefile.Compares(e): // else it is no threshold
			for _, by := range shifted(item.Val) {
				x.replace(i, i, by)
			}
		case item.Typ == parser.DURATION:
			d, err := parseDuration(item.Val)
			if err != nil {
				return nil, err
			}
			x.replace(i, i, seconds(d*2))
			x.replace(i, i, seconds(d/2))
		}
	}
	return x.edits, nil
}

// An expr is taken apart, to be put together wrongly.
type expr struct {
	text  string
	items []parser.Item
	edits []edit
}

func (x *expr) replace(first, last int, by string) {
	from, to := int(x.items[first].Pos), int(x.items[last].Pos)+len(x.items[last].Val)
	x.edits = append(x.edits, edit{fmt.Sprintf("%s -> %s", x.text[from:to], by), x.text[:from] + by + x.text[to:]})
}

// operator leaves out what differs on the threshold only where a value is on it
// only by chance.
func (x *expr) operator(i int) {
	item := x.items[i]
	for _, by := range others[item.Val] {
		if len(by) == len(item.Val) || !item.Typ.IsComparisonOperator() || !x.forecast(i) {
			x.replace(i, i, by)
		}
	}
}

// forecast tells whether an operator compares what predict_linear returns.
func (x *expr) forecast(operator int) bool {
	depth := 0
	for i := operator - 1; i >= 0; i-- {
		switch x.items[i].Typ {
		case parser.RIGHT_PAREN:
			depth++
		case parser.LEFT_PAREN:
			if depth--; depth == 0 {
				return i > 0 && x.items[i-1].Val == "predict_linear"
			}
		}
		if depth == 0 {
			return false
		}
	}
	return false
}

// shifted is a number a little greater and a little smaller: by one, or by a
// hundredth where it is no small integer.
func shifted(number string) []string {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return nil
	}
	by := value / 100
	if value == float64(int(value)) && value < 1000 {
		by = 1
	}
	format := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	return []string{format(value + by), "(" + format(value-by) + ")"}
}
