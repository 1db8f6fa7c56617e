package textfile

import (
	"slices"
	"strings"
)

// Metric types, as a TYPE line spells them.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
	summary   = "summary"
	untyped   = "untyped"
)

// parts are the suffixes of the samples of a family of that type, besides its
// bare name.
func parts(typ string) []string {
	switch typ {
	case histogram:
		return []string{"_bucket", "_sum", "_count"}
	case summary:
		return []string{"_sum", "_count"}
	}
	return nil
}

// specialLabel is the label that tells the buckets or quantiles of one series
// apart and does not belong to the series itself.
func specialLabel(typ string) string {
	switch typ {
	case histogram:
		return "le"
	case summary:
		return "quantile"
	}
	return ""
}

// collision finds a family that shares a sample name with a family of this name
// and type: a gauge x_count beside a summary x. The parser mixes up their samples,
// and the registry drops one of the two.
func collision(name, typ string, typeOf map[string]string) (other string, found bool) {
	for _, suffix := range parts(histogram) {
		base, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if slices.Contains(parts(typeOf[base]), suffix) {
			return base, true
		}
	}
	for _, suffix := range parts(typ) {
		if _, ok := typeOf[name+suffix]; ok {
			return name + suffix, true
		}
	}
	return "", false
}
