package rulefile

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// Parse reads an expression, as Prometheus does.
func Parse(text string) (parser.Expr, error) {
	return parser.NewParser(parser.Options{}).ParseExpr(text)
}

// Tokens takes an expression apart.
func Tokens(text string) ([]parser.Item, error) {
	var items []parser.Item
	lexer := parser.Lex(text)
	for {
		var item parser.Item
		switch lexer.NextItem(&item); item.Typ {
		case parser.EOF:
			return items, nil
		case parser.ERROR:
			return nil, fmt.Errorf("%s: %s", text, item.Val)
		case parser.COMMENT:
		default:
			items = append(items, item)
		}
	}
}

// A Selector selects series in an expression.
type Selector struct {
	*parser.VectorSelector
	Function string // that it is an argument of, if any
}

// Selectors are those of an expression, in order.
func Selectors(e parser.Expr) []Selector {
	var all []Selector
	parser.Inspect(e, func(node parser.Node, path []parser.Node) error {
		if selector, is := node.(*parser.VectorSelector); is {
			all = append(all, Selector{selector, function(path)})
		}
		return nil
	})
	return all
}

// function is the nearest of those that a node is an argument of.
func function(path []parser.Node) string {
	for _, node := range slices.Backward(path) {
		switch node := node.(type) {
		case *parser.Call:
			return node.Func.Name
		case *parser.MatrixSelector, *parser.ParenExpr, parser.Expressions:
		default:
			return ""
		}
	}
	return ""
}

// Compares tells whether an expression leaves series out by their values.
func Compares(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(node parser.Node, _ []parser.Node) error {
		if b, is := node.(*parser.BinaryExpr); is && b.Op.IsComparisonOperator() && !b.ReturnBool {
			found = true
		}
		return nil
	})
	return found
}
