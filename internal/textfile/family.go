package textfile

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// gaugeHistogram is a type that the parser knows and node_exporter does not.
const gaugeHistogram = "gauge_histogram"

// A family is what one file says about one metric.
type family struct {
	name string
	help *string // nil without a HELP line
	typ  string  // "" before its TYPE line or first sample
	line int     // the first that mentions it

	labels map[string]bool // names that occur
	shape  string          // label names of the first sample
	mixed  bool            // other samples have others

	series []seriesAt     // each once, in order
	known  map[uint64]int // line by hash: of a sample, or of a series
}

// A seriesAt is a series by the hash of its labels, and its first line.
type seriesAt struct {
	hash uint64
	line int
}

// familyOf finds the family that the parser would take a name for, or makes it.
func (s *scanner) familyOf(name string) *family {
	if f := s.known(name); f != nil {
		return f
	}
	f := &family{name: name, line: s.line, labels: map[string]bool{}, known: map[uint64]int{}}
	s.byName[name] = f
	s.families = append(s.families, f)
	return f
}

// known finds the family of that name, or else the histogram or summary of
// which the name is a part.
func (s *scanner) known(name string) *family {
	if f := s.byName[name]; f != nil {
		return f
	}
	for _, suffix := range parts(histogram) {
		base, ok := strings.CutSuffix(name, suffix)
		if f := s.byName[base]; ok && f != nil && f.hasPart(suffix) {
			return f
		}
	}
	return nil
}

// compound reports whether several lines make up one series.
func (f *family) compound() bool { return specialLabel(f.typ) != "" }

// addLabels notes the label names of a sample and reports whether this is the
// first sample whose names differ from the first one's.
func (f *family) addLabels(labels []*dto.LabelPair) (differ bool) {
	names := make([]string, len(labels))
	for i, l := range labels {
		names[i] = l.GetName()
		f.labels[names[i]] = true
	}
	slices.Sort(names)
	shape := strings.Join(names, ",")
	if len(f.series) == 0 {
		f.shape = shape
	}
	if shape == f.shape || f.mixed {
		return false
	}
	f.mixed = true
	return true
}

// addSample notes a sample and returns the line of an earlier one that is the
// same, or 0. The part tells the samples of one histogram or summary apart.
func (f *family) addSample(line int, labels []*dto.LabelPair, part string, seed maphash.Seed) (same int) {
	key := seriesKey(labels)
	hash := maphash.String(seed, key)
	if _, ok := f.known[hash]; !ok {
		f.series = append(f.series, seriesAt{hash, line})
		f.known[hash] = line
	} else if !f.compound() {
		return f.known[hash]
	}
	if !f.compound() {
		return 0
	}
	hash = maphash.String(seed, key+part)
	same = f.known[hash]
	if same == 0 {
		f.known[hash] = line
	}
	return same
}

// seriesKey spells labels in the one way that two samples share if Prometheus
// takes them for the same series: an empty label counts as none.
func seriesKey(labels []*dto.LabelPair) string {
	values := make(map[string]string, len(labels))
	for _, l := range labels {
		if l.GetValue() != "" {
			values[l.GetName()] = l.GetValue()
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		// Neither a label name nor valid UTF-8 holds this byte.
		b.WriteString(name + "\xff" + values[name] + "\xff")
	}
	return b.String()
}
