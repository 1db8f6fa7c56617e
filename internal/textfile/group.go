package textfile

import (
	"bytes"
	"math"
	"strconv"
)

// A group is one series of a histogram or summary, which takes several lines:
// buckets or quantiles in rising order, then the sum, then the count.
type group struct {
	open   bool
	key    []byte  // its labels
	steps  int     // buckets or quantiles so far
	bound  float64 // of the last of them
	summed bool
}

// next takes one line of the group, or the first of a new one, and returns what
// is wrong with it.
func (g *group) next(typ, suffix string, labels *labelSet, value []byte) (opens bool, fault string) {
	if opens = !g.open; opens {
		*g = group{open: true, key: append(g.key[:0], labels.key...)}
	}
	if !bytes.Equal(g.key, labels.key) {
		return opens, "the series before is not complete: " + g.missing(typ)
	}
	switch suffix {
	case "_sum":
		return opens, g.sum(typ, labels)
	case "_count":
		return opens, g.count(labels, value)
	}
	if typ == histogram && suffix == "" {
		return opens, "a histogram's sample without _bucket, _sum or _count is ignored"
	}
	if typ == histogram && !isCount(value) {
		return opens, "a bucket that is no whole number is served as 0"
	}
	return opens, g.step(specialLabel(typ), labels)
}

// step takes a bucket or quantile.
func (g *group) step(special string, labels *labelSet) (fault string) {
	bound, err := strconv.ParseFloat(string(labels.special), 64)
	switch {
	case labels.special == nil:
		return "has no " + special + " label, without which it is ignored"
	case err != nil || math.IsNaN(bound):
		return special + " is not a number"
	case g.summed:
		return special + " comes after the sum"
	case g.steps > 0 && bound <= g.bound:
		return special + " does not rise: of two that are equal the last one wins"
	}
	g.steps, g.bound = g.steps+1, bound
	return ""
}

func (g *group) sum(typ string, labels *labelSet) (fault string) {
	switch {
	case labels.special != nil:
		return "a sum has no " + specialLabel(typ) + " label"
	case g.summed:
		return "a second sum: the last one wins"
	case typ == histogram && !g.hasInf():
		return `the +Inf bucket is missing before the sum`
	}
	g.summed = true
	return ""
}

// count ends the group.
func (g *group) count(labels *labelSet, value []byte) (fault string) {
	switch {
	case labels.special != nil:
		return "a count has no le or quantile label"
	case !g.summed:
		return "the sum is missing before the count"
	case !isCount(value):
		return "a count that is no whole number is served as another"
	}
	g.open = false
	return ""
}

// missing says what an open group lacks.
func (g *group) missing(typ string) string {
	switch {
	case g.summed:
		return "it has no count"
	case typ == histogram && !g.hasInf():
		return "it has no +Inf bucket, sum and count"
	}
	return "it has no sum and count"
}

func (g *group) hasInf() bool { return g.steps > 0 && math.IsInf(g.bound, 1) }

// isCount reports whether value is a whole number that fits into the 64 bits
// without sign in which node_exporter keeps it.
func isCount(value []byte) bool {
	v, err := strconv.ParseFloat(string(value), 64)
	return err == nil && v >= 0 && v < math.MaxUint64 && v == math.Trunc(v)
}
