package rulefile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// A Token is a piece of an expression.
type Token struct {
	Kind Kind
	Text string
	Pos  int // where it begins
}

// End is where it ends.
func (t Token) End() int { return t.Pos + len(t.Text) }

// Kind says what a token is.
type Kind string

// The kinds of tokens.
const (
	Word     Kind = "word" // names and key words
	Number   Kind = "number"
	Duration Kind = "duration"
	String   Kind = "string"
	Symbol   Kind = "symbol"
)

// tokenForms are tried in this order.
var tokenForms = []struct {
	kind Kind
	form *regexp.Regexp
}{
	{"", regexp.MustCompile(`^\s+`)},
	{Duration, regexp.MustCompile(`^(?:[0-9]+(?:ms|[smhdwy]))+`)},
	{Number, regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?`)},
	{Word, regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)},
	{String, regexp.MustCompile(`^"(?:[^"\\]|\\.)*"`)},
	{Symbol, regexp.MustCompile(`^(?:==|!=|=~|!~|>=|<=|[-+*/%^<>=(){}\[\],])`)},
}

// Tokens takes an expression apart.
func Tokens(expr string) ([]Token, error) {
	var tokens []Token
next:
	for pos := 0; pos < len(expr); {
		for _, f := range tokenForms {
			if text := f.form.FindString(expr[pos:]); text != "" {
				if f.kind != "" {
					tokens = append(tokens, Token{f.kind, text, pos})
				}
				pos += len(text)
				continue next
			}
		}
		return nil, fmt.Errorf("not understood: %s", expr[pos:])
	}
	return tokens, nil
}

// A Selector selects series of one name.
type Selector struct {
	Metric   string
	Matchers []Matcher
	Function string // whose argument begins with it, if any
}

// A Matcher is a condition on a label.
type Matcher struct {
	Label, Op, Value string
	First, Last      int // the tokens that it is made of
}

// Accepts tells whether a label, "" if there is none, meets the condition.
func (m Matcher) Accepts(value string) bool {
	switch m.Op {
	case "=":
		return value == m.Value
	case "!=":
		return value != m.Value
	}
	return regexp.MustCompile("^(?:"+m.Value+")$").MatchString(value) == (m.Op == "=~")
}

// Accepts tells whether a series, by its labels, is selected.
func (s Selector) Accepts(labels map[string]string) bool {
	return !slices.ContainsFunc(s.Matchers, func(m Matcher) bool { return !m.Accepts(labels[m.Label]) })
}

var (
	operators = []string{"and", "or", "unless", "offset", "bool"}
	// labelLists are followed by names of labels in parentheses.
	labelLists = []string{"on", "ignoring", "by", "without", "group_left", "group_right"}
)

// An Expr is an expression, taken apart.
type Expr struct {
	Tokens    []Token
	Selectors []Selector
	Labels    []string // by which it matches or groups series
}

// Parse takes an expression apart.
func Parse(text string) (Expr, error) {
	tokens, err := Tokens(text)
	if err != nil {
		return Expr{}, err
	}
	e := Expr{Tokens: tokens}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.Kind != Word || slices.Contains(operators, t.Text): // not a name
		case slices.Contains(labelLists, t.Text) && e.text(i+1) == "(":
			for i++; e.text(i) != ")" && i < len(tokens); i++ {
				if tokens[i].Kind == Word {
					e.Labels = append(e.Labels, tokens[i].Text)
				}
			}
		case e.text(i+1) != "(":
			s := Selector{Metric: t.Text}
			if e.text(i-1) == "(" && i > 1 && tokens[i-2].Kind == Word && !slices.Contains(operators, tokens[i-2].Text) {
				s.Function = tokens[i-2].Text
			}
			if e.text(i+1) == "{" {
				if i, err = e.matchers(&s, i+2); err != nil {
					return Expr{}, err
				}
			}
			e.Selectors = append(e.Selectors, s)
		}
	}
	return e, nil
}

// matchers reads up to the closing brace, and returns where that is.
func (e *Expr) matchers(s *Selector, i int) (int, error) {
	for ; e.text(i) != "}"; i++ {
		if e.text(i) == "," {
			continue
		}
		if i+2 >= len(e.Tokens) || e.Tokens[i+2].Kind != String {
			return 0, fmt.Errorf("matchers of %s are not understood", s.Metric)
		}
		value, err := strconv.Unquote(e.text(i + 2))
		if err != nil {
			return 0, fmt.Errorf("matchers of %s: %w", s.Metric, err)
		}
		s.Matchers = append(s.Matchers, Matcher{Label: e.text(i), Op: e.text(i + 1), Value: value, First: i, Last: i + 2})
		i += 2
	}
	return i, nil
}

func (e *Expr) text(i int) string {
	if i < 0 || i >= len(e.Tokens) {
		return ""
	}
	return e.Tokens[i].Text
}
