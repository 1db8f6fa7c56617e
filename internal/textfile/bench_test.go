package textfile

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// benchmarkText is a file of a million series with three labels each, 100 MB.
func benchmarkText(lines int) []byte {
	var b bytes.Buffer
	const perFamily = 100_000
	for i := range lines {
		if i%perFamily == 0 {
			fmt.Fprintf(&b, "# HELP aipass_test%d_bytes One of many.\n# TYPE aipass_test%d_bytes gauge\n", i/perFamily, i/perFamily)
		}
		fmt.Fprintf(&b, "aipass_test%d_bytes{branch=\"branch-%06d\",file=\"observations\",state=\"malformed\"} %d\n",
			i/perFamily, i%perFamily, i*7)
	}
	return b.Bytes()
}

func BenchmarkCheck(b *testing.B) {
	const lines = 1_000_000
	text := benchmarkText(lines)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		if err := Check(&peakReader{Reader: bytes.NewReader(text), peak: &after}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-live-at-end")
}

// BenchmarkCheckOfKnown is a file of the same series as before.
func BenchmarkCheckOfKnown(b *testing.B) {
	const lines = 1_000_000
	text := benchmarkText(lines)
	m := &memory{known: map[sum]bool{}}
	if err := m.check(section(string(text))); err != nil {
		b.Fatal(err)
	}
	m.known = m.now
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.check(io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text)))); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}

// peakReader looks at the heap, garbage collected, just before the end: when
// Check holds most.
type peakReader struct {
	io.Reader
	peak *runtime.MemStats
}

func (r *peakReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF {
		runtime.GC()
		runtime.ReadMemStats(r.peak)
	}
	return n, err
}

// BenchmarkParse is what the parser needs by itself, for comparison.
func BenchmarkParse(b *testing.B) {
	const lines = 1_000_000
	text := benchmarkText(lines)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		parser := expfmt.NewTextParser(model.LegacyValidation)
		if _, err := parser.TextToMetricFamilies(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}
