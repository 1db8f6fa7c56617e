// Package collectors turns one look at an AIPass host into Prometheus metrics.
//
// A [Collector] is a list of metric families, and a [Family] is a name, a help
// text, labels and a pure function from the snapshot to samples: no files, no
// clock, no state. What comes of them is served over HTTP by an [Exporter] or
// written to a textfile by [WriteText], the same either way.
//
// The package holds no thresholds (rule files do) and writes no files.
package collectors

import (
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A Collector is the metrics of one concern.
type Collector struct {
	Name     string // as in --collector.NAME
	Help     string // one sentence, for --help
	Families []Family
	// Incomplete, if set, is why the collector's part of a look is not whole, or
	// nil.
	Incomplete func(*aipass.Snapshot) error
}

// A Family is all samples of one metric.
type Family struct {
	Name   string
	Help   string
	Type   dto.MetricType // GAUGE, COUNTER or HISTOGRAM
	Labels []string
	// Collect hands the family's samples to emit, label values in the order of
	// Labels. Every combination comes once, zeros too.
	Collect func(s *aipass.Snapshot, emit Emitter)
}

// An Emitter takes the samples of a family.
type Emitter interface {
	Value(value float64, labelValues ...string)
	Histogram(h Histogram, labelValues ...string)
}

// A Histogram counts observations by bucket.
type Histogram struct {
	Bounds []float64 // upper bounds, ascending, without +Inf
	Counts []uint64  // cumulative, one for each bound
	Count  uint64
	Sum    float64
}

// Options are what collectors must be told; no threshold is known here.
type Options struct {
	// StaleNew and StaleOpened are the ages from which mail of that status
	// counts as stale.
	StaleNew, StaleOpened time.Duration
	// LogFiles gives every log file a series of its own.
	LogFiles bool
}

// LogMessages is the name of the collector that shows what somebody has
// counted in the logs.
const LogMessages = "logmessages"

// All lists the collectors, in the order in which they are written.
func All(o Options) []Collector {
	return []Collector{
		registry(),
		files(),
		memory(),
		mail(o),
		logs(o),
		logMessages(),
		dashboards(),
		plans(),
		agents(),
	}
}

func gauge(name, help string, collect func(*aipass.Snapshot, Emitter), labels ...string) Family {
	return Family{Name: name, Help: help, Type: dto.MetricType_GAUGE, Labels: labels, Collect: collect}
}

func counter(name, help string, collect func(*aipass.Snapshot, Emitter), labels ...string) Family {
	return Family{Name: name, Help: help, Type: dto.MetricType_COUNTER, Labels: labels, Collect: collect}
}

// ofBranch makes a family's function of one that looks at a single branch.
func ofBranch(collect func(b *aipass.Branch, emit Emitter)) func(*aipass.Snapshot, Emitter) {
	return func(s *aipass.Snapshot, emit Emitter) {
		for i := range s.Branches {
			collect(&s.Branches[i], emit)
		}
	}
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.Unix()) }
