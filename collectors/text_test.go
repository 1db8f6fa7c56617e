package collectors_test

import (
	"bytes"
	"log/slog"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Whatever the value, the text is what the library would write; the goldens have
// the ordinary ones.
func TestTextIsWhatExpfmtWrites(t *testing.T) {
	t.Parallel()
	for _, value := range []float64{
		0, math.Copysign(0, -1), 1, -1, 0.5, 1e-7, 999_999, -999_999, 1e6, -1e6, 1_000_001, 1764269226, 1764269226.25,
		1e20, 1e21, math.MaxInt64, math.MinInt64, math.MaxUint64, math.MaxFloat64, math.SmallestNonzeroFloat64,
		math.NaN(), math.Inf(1), math.Inf(-1),
	} {
		wantAsExpfmt(t, "Help.", "value", value)
	}
	for _, text := range []string{"", `\`, `"`, "\n", `a\b"c` + "\nd", `\\""` + "\n\n", "ü€\u2028", "\xff", "{,} =", "tab\t\r\x00"} {
		wantAsExpfmt(t, "Help "+text, text, 1)
	}
}

func wantAsExpfmt(t *testing.T, help, label string, value float64) {
	t.Helper()
	families := []*dto.MetricFamily{
		{
			Name: new("aipass_a"), Help: &help, Type: dto.MetricType_GAUGE.Enum(),
			Metric: []*dto.Metric{{
				Label: []*dto.LabelPair{{Name: new("x"), Value: &label}, {Name: new("y"), Value: new("")}},
				Gauge: &dto.Gauge{Value: &value},
			}},
		},
		{
			Name: new("aipass_b"), Help: &help, Type: dto.MetricType_HISTOGRAM.Enum(),
			Metric: []*dto.Metric{{Histogram: &dto.Histogram{
				SampleCount: new(uint64(7_000_000)), SampleSum: &value,
				Bucket: []*dto.Bucket{{UpperBound: new(0.25), CumulativeCount: new(uint64(2))}, {UpperBound: new(2.592e6), CumulativeCount: new(uint64(6_999_999))}},
			}}},
		},
		{
			Name: new("aipass_c_total"), Help: &help, Type: dto.MetricType_COUNTER.Enum(),
			Metric: []*dto.Metric{{Counter: &dto.Counter{Value: &value}}},
		},
	}
	var want strings.Builder
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&want, f); err != nil {
			t.Fatal(err)
		}
	}
	emits := []func(collectors.Emitter){
		func(e collectors.Emitter) { e.Value(value, label, "") },
		func(e collectors.Emitter) {
			e.Histogram(collectors.Histogram{Bounds: []float64{0.25, 2.592e6}, Counts: []uint64{2, 6_999_999}, Count: 7_000_000, Sum: value})
		},
		func(e collectors.Emitter) { e.Value(value) },
	}
	c := collectors.Collector{Name: "test"}
	for i, f := range families {
		family := collectors.Family{Name: f.GetName(), Help: help, Type: f.GetType(), Collect: func(_ *aipass.Snapshot, e collectors.Emitter) { emits[i](e) }}
		if i == 0 {
			family.Labels = []string{"x", "y"}
		}
		c.Families = append(c.Families, family)
	}
	var got bytes.Buffer
	if err := collectors.WriteText(&got, collectors.Look{Snapshot: &aipass.Snapshot{}}, []collectors.Collector{c}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(got.String(), "# HELP aipass_collector_success")
	if diff := cmp.Diff(want.String(), text); diff != "" {
		t.Errorf("%q, %q, %v (-expfmt +written):\n%s", help, label, value, diff)
	}
}
