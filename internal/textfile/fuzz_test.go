package textfile

import (
	"bytes"
	"hash/maphash"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// seeds feeds a fuzz test all that the tables have.
func seeds(f *testing.F) {
	for _, row := range checkAccepts {
		f.Add([]byte(row.text))
	}
	for _, row := range checkRejects {
		if len(row.text) < maxLine {
			f.Add([]byte(row.text))
		}
	}
	for _, row := range contract {
		f.Add([]byte(strings.Join(row.files, "")))
	}
}

// vocabulary is what compose makes files of: lines that are right or wrong
// depending on those before.
const vocabulary = `# HELP x Help.
# HELP x Other.
# TYPE x gauge
# TYPE x histogram
# TYPE x summary
# TYPE x untyped
# TYPE x gauge_histogram
# HELP x_count Help.
# TYPE x_count untyped
# HELP x_sum Help.
# TYPE x_sum untyped
# HELP x_bucket Help.
# TYPE x_bucket untyped
# HELP y_total Help.
# TYPE y_total counter
# comment
y_total 1
y_total{a="1"} 1
y_total{a="1",b="2"} 2
x 1
x 1 2
x{a="1"} 1
x{a="2"} 1
x{a=""} 1
x{} 1
x{__a="1"} 1
x{a="1",a="2"} 1
  x  {  a = "1" , }  1
{a="1"} 1
x{le="1"} 1
x{quantile="1"} 1
x{a="1",quantile="2"} 1
x_bucket 1
x_bucket{le="1"} 1
x_bucket{le="1.0"} 1
x_bucket{le="1"} 1.5
x_bucket{le="+Inf"} 2
x_bucket{a="1",le="1"} NaN
x_bucket{a="1",le="+Inf"} 2
x_sum 1
x_sum{a="1"} 1
x_count 2
x_count -1
x_count{a="1"} 2`

// compose makes a file of one line for each byte, which gets deeper than bytes
// at random do.
func compose(choice []byte) []byte {
	lines := strings.Split(vocabulary, "\n")
	var text []byte
	for _, c := range choice {
		text = append(append(text, lines[int(c)%len(lines)]...), '\n')
	}
	return text
}

func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		wantCheckSound(t, text)
		wantCheckSound(t, compose(text))
	})
}

// wantCheckSound tests what makes reading in pieces sound: whatever Check accepts,
// node_exporter's parser accepts as a whole, no sample has a timestamp, no series
// comes twice, and Lint knows of no loss. Where a file is cut makes no difference.
func wantCheckSound(t *testing.T, text []byte) {
	t.Helper()
	verdict := Check(bytes.NewReader(text))
	cut := check(bytes.NewReader(text), 1) // wherever it can be cut
	if (verdict == nil) != (cut == nil) {
		t.Fatalf("in one piece: %v, in many: %v, for\n%s", verdict, cut, text)
	}
	if verdict != nil {
		return
	}
	families, err := parse(text)
	if err != nil {
		t.Fatalf("accepted what the parser does not: %v\n%s", err, text)
	}
	for _, mf := range families {
		series := map[string]bool{}
		for _, m := range mf.Metric {
			key := seriesKey(m.Label)
			if m.TimestampMs != nil || series[key] {
				t.Errorf("accepted a timestamp, or a series twice: %v\n%s", m, text)
			}
			series[key] = true
		}
	}
	s := scan(text, maphash.MakeSeed())
	for _, finding := range append(s.findings, newHost().merge("a.prom", s.families)...) {
		if finding.Effect.LosesData() {
			t.Errorf("accepted what Lint finds: %v\n%s", finding, text)
		}
	}
}

func FuzzLint(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		wantLintRight(t, text)
		wantLintRight(t, compose(text))
	})
}

// wantLintRight tests that on any bytes Lint ends, finds the same twice, and
// drops a file just if the parser, given the whole, does. Names in braces or
// quotes are left out of the comparison: releases of the parser differ over them,
// and crash.
func wantLintRight(t *testing.T, text []byte) {
	t.Helper()
	seed := maphash.MakeSeed()
	s := scan(text, seed)
	newHost().merge("a.prom", s.families)
	style(s.families)
	if diff := cmp.Diff(s.findings, scan(text, seed).findings); diff != "" {
		t.Errorf("a second look finds other things (-first +second):\n%s", diff)
	}
	if namesInBraces(text) {
		return
	}
	families, err := parse(text)
	want := err != nil || hasTimestamp(families)
	if got := s.dropped(); got != want {
		t.Errorf("dropped = %t, want %t (%v): %v\n%s", got, want, err, s.findings, text)
	}
}

func namesInBraces(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimLeft(bytes.TrimPrefix(line, []byte(byteOrderMark)), " \t")
		if bytes.HasPrefix(line, []byte("{")) || bytes.HasPrefix(line, []byte(`"`)) {
			return true
		}
		if bytes.HasPrefix(line, []byte("#")) && bytes.Contains(line, []byte(`"`)) {
			return true
		}
	}
	return false
}

func parse(text []byte) (map[string]*dto.MetricFamily, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	return parser.TextToMetricFamilies(bytes.NewReader(text))
}

func hasTimestamp(families map[string]*dto.MetricFamily) bool {
	for _, mf := range families {
		for _, m := range mf.Metric {
			if m.TimestampMs != nil {
				return true
			}
		}
	}
	return false
}
