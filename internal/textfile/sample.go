package textfile

import (
	"fmt"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// hasPart reports whether samples with the suffix belong to the family.
func (f *family) hasPart(suffix string) bool {
	typ := f.typ
	if typ == gaugeHistogram {
		typ = histogram
	}
	return slices.Contains(parts(typ), suffix)
}

// sample takes the line of a sample; text is the line without leading blanks.
func (s *scanner) sample(line, text []byte) {
	var header string
	if f := s.known(metricName(text)); f != nil && f.typ != "" {
		header = "# TYPE " + f.name + " " + f.typ + "\n"
	}
	mf, ok := s.parse(header, line)
	if !ok || mf == nil {
		return
	}
	f := s.familyOf(mf.GetName())
	if f.typ == "" {
		f.typ = untyped
	}
	m := mf.Metric[0]
	if m.TimestampMs != nil {
		s.report(FileDropped, f.name, "has a timestamp", "leave it out")
	}
	if f.typ == gaugeHistogram && len(f.series) == 0 {
		s.report(HostLost, f.name, "node_exporter crashes over TYPE gauge_histogram", "use histogram")
	}
	s.sampleLabels(f, m)
	s.samplePart(f, m)
}

func (s *scanner) sampleLabels(f *family, m *dto.Metric) {
	for _, l := range m.Label {
		if strings.HasPrefix(l.GetName(), "__") {
			s.report(HostLost, f.name, fmt.Sprintf("node_exporter crashes over the label name %s", l.GetName()),
				"no label name may begin with __")
		}
	}
	if f.addLabels(m.Label) {
		s.report(Style, f.name, "has other labels than the first sample, and node_exporter fills in the missing ones empty", "")
	}
}

func (s *scanner) samplePart(f *family, m *dto.Metric) {
	part, fault := "", ""
	which := "first"
	switch {
	case m.Summary != nil:
		part, which = summaryPart(m.Summary), "last"
	case m.Histogram != nil:
		part, fault = histogramPart(m.Histogram)
		which = "last"
	}
	if f.compound() && part == "" {
		fault = "is no part of a " + f.typ + " and is ignored"
	}
	if fault != "" {
		s.report(SamplesLost, f.name, fault, "")
		return
	}
	if same := f.addSample(s.line, m.Label, part, s.seed); same > 0 {
		s.report(SamplesLost, f.name, describe(same, which), "")
	}
}

// summaryPart names the part of a summary that a line is, "" if it is none.
func summaryPart(m *dto.Summary) string {
	switch {
	case m.SampleCount != nil:
		return "count"
	case m.SampleSum != nil:
		return "sum"
	case len(m.Quantile) > 0:
		return fmt.Sprint("quantile ", m.Quantile[0].GetQuantile())
	}
	return ""
}

// histogramPart names the part of a histogram that a line is, "" if it is none.
func histogramPart(m *dto.Histogram) (part, fault string) {
	switch {
	case m.SampleCountFloat != nil:
		return "count", "count is not a whole number and is served as 0"
	case m.SampleCount != nil:
		return "count", ""
	case m.SampleSum != nil:
		return "sum", ""
	case len(m.Bucket) > 0 && m.Bucket[0].CumulativeCountFloat != nil:
		return "bucket", "bucket is not a whole number, so the histogram's count and buckets are served as 0"
	case len(m.Bucket) > 0:
		return fmt.Sprint("bucket ", m.Bucket[0].GetUpperBound()), ""
	}
	return "", ""
}

// metricName is the name that a sample's line begins with.
func metricName(text []byte) string {
	for i, c := range text {
		if !isLabelByte(c, i == 0) && c != ':' {
			return string(text[:i])
		}
	}
	return string(text)
}

// describe says where the other of two equal samples is.
func describe(line int, which string) string {
	return fmt.Sprintf("is the same series as line %d, of which the %s is served (a label that is missing counts as empty)", line, which)
}
