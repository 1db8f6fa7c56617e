package collectors

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// An Exporter is a prometheus.Collector that looks at a host once for each
// collection. It keeps nothing between two of them.
type Exporter struct {
	config ExporterConfig
	descs  map[string]*prometheus.Desc // by family
}

// ExporterConfig says what an Exporter looks at. All fields are required.
type ExporterConfig struct {
	Snapshot   func(context.Context) *aipass.Snapshot
	Collectors []Collector
	Timeout    time.Duration // of one look
	Logger     *slog.Logger
}

// NewExporter describes all families of all collectors.
func NewExporter(config ExporterConfig) *Exporter {
	e := &Exporter{config: config, descs: map[string]*prometheus.Desc{}}
	for _, f := range Families(config.Collectors) {
		e.descs[f.Name] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	return e
}

// Describe implements prometheus.Collector.
func (e *Exporter) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range e.descs {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (e *Exporter) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), e.config.Timeout)
	defer cancel()
	look := Look{Started: time.Now(), Snapshot: e.config.Snapshot(ctx)}
	err := look.each(e.config.Collectors, e.config.Logger, func(f Family) (Emitter, func() error) {
		return constMetrics{e.descs[f.Name], f.Type, ch}, func() error { return nil }
	})
	if err != nil {
		e.config.Logger.Error("look not served", "err", err)
	}
}

// constMetrics emits samples as client_golang's constant metrics.
type constMetrics struct {
	desc  *prometheus.Desc
	kind  dto.MetricType
	sends chan<- prometheus.Metric
}

func (c constMetrics) Value(value float64, labelValues ...string) {
	kind := prometheus.GaugeValue
	if c.kind == dto.MetricType_COUNTER {
		kind = prometheus.CounterValue
	}
	c.sends <- prometheus.MustNewConstMetric(c.desc, kind, value, labelValues...)
}

func (c constMetrics) Histogram(h Histogram, labelValues ...string) {
	buckets := make(map[float64]uint64, len(h.Bounds))
	for i, bound := range h.Bounds {
		buckets[bound] = h.Counts[i]
	}
	c.sends <- prometheus.MustNewConstHistogram(c.desc, h.Count, h.Sum, buckets, labelValues...)
}
