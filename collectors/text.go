package collectors

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// WriteText writes the look in the classic text format, family by family, so
// that memory does not grow with the host.
func WriteText(w io.Writer, l Look, cs []Collector, logger *slog.Logger) error {
	return l.each(cs, logger, func(f Family) (Emitter, func() error) {
		t := &textFamily{w: w, family: f}
		return t, t.flush
	})
}

// batch is how many samples are encoded at a time.
const batch = 500

// A textFamily encodes one family, a batch of samples at a time. The first
// batch brings the family's HELP and TYPE lines; expfmt writes them with each,
// and the others' are cut off.
type textFamily struct {
	w       io.Writer
	family  Family
	samples []*dto.Metric
	used    int
	begun   bool
	buf     bytes.Buffer
	err     error
}

func (t *textFamily) Value(value float64, labelValues ...string) {
	m := t.next(labelValues)
	if t.family.Type == dto.MetricType_COUNTER {
		m.Counter = &dto.Counter{Value: &value}
		return
	}
	if m.Gauge == nil {
		m.Gauge = &dto.Gauge{Value: new(float64)}
	}
	*m.Gauge.Value = value
}

func (t *textFamily) Histogram(h Histogram, labelValues ...string) {
	m := t.next(labelValues)
	if m.Histogram == nil {
		m.Histogram = &dto.Histogram{SampleCount: new(uint64), SampleSum: new(float64)}
		for range h.Bounds {
			m.Histogram.Bucket = append(m.Histogram.Bucket, &dto.Bucket{UpperBound: new(float64), CumulativeCount: new(uint64)})
		}
	}
	*m.Histogram.SampleCount, *m.Histogram.SampleSum = h.Count, h.Sum
	for i, bucket := range m.Histogram.Bucket {
		*bucket.UpperBound, *bucket.CumulativeCount = h.Bounds[i], h.Counts[i]
	}
}

// next is the sample to fill in, its labels set. Samples are used again in the
// next batch.
func (t *textFamily) next(labelValues []string) *dto.Metric {
	if t.used == batch {
		t.encode()
	}
	if t.used == len(t.samples) {
		m := &dto.Metric{}
		for i := range t.family.Labels {
			m.Label = append(m.Label, &dto.LabelPair{Name: &t.family.Labels[i], Value: new(string)})
		}
		t.samples = append(t.samples, m)
	}
	m := t.samples[t.used]
	t.used++
	if len(labelValues) != len(m.Label) {
		panic(fmt.Sprintf("%s: %d label values for %d labels", t.family.Name, len(labelValues), len(m.Label)))
	}
	for i := range m.Label {
		*m.Label[i].Value = labelValues[i]
	}
	return m
}

func (t *textFamily) flush() error {
	if t.used > 0 {
		t.encode()
	}
	return t.err
}

// encode writes the batch; what goes wrong is reported by flush.
func (t *textFamily) encode() {
	t.buf.Reset()
	family := &dto.MetricFamily{
		Name: &t.family.Name, Help: &t.family.Help, Type: &t.family.Type, Metric: t.samples[:t.used],
	}
	t.used = 0
	if t.err != nil {
		return
	}
	if _, t.err = expfmt.MetricFamilyToText(&t.buf, family); t.err != nil {
		return
	}
	if t.begun {
		for range 2 { // HELP and TYPE
			_, _ = t.buf.ReadBytes('\n')
		}
	}
	t.begun = true
	_, t.err = t.buf.WriteTo(t.w)
}
