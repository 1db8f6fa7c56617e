package collectors

import (
	"runtime"
	"time"

	"github.com/prometheus/common/version"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Families lists all families of the collectors, and those about the exporter
// itself, in the order in which they are written.
func Families(cs []Collector) []Family {
	var families []Family
	for _, c := range cs {
		families = append(families, c.Families...)
	}
	return append(families, aboutLook(Look{}, nil)...)
}

// aboutLook are the families about the exporter itself.
func aboutLook(l Look, results []result) []Family {
	return []Family{
		gauge("aipass_collector_success", "Whether the collector did its work; a broken file of AIPass's is no fault of a collector's.",
			func(_ *aipass.Snapshot, emit Emitter) {
				for _, r := range results {
					emit.Value(boolean(r.ok), r.collector)
				}
			}, "collector"),
		gauge("aipass_collector_duration_seconds", "How long the collector took, reading not included.",
			func(_ *aipass.Snapshot, emit Emitter) {
				for _, r := range results {
					emit.Value(r.duration.Seconds(), r.collector)
				}
			}, "collector"),
		gauge("aipass_exporter_build_info", "The exporter's version, always 1.",
			func(_ *aipass.Snapshot, emit Emitter) {
				emit.Value(1, version.Version, version.GetRevision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			}, "version", "revision", "goversion", "goos", "goarch"),
		gauge("aipass_exporter_last_run_timestamp_seconds", "When the exporter last looked at the host.",
			func(s *aipass.Snapshot, emit Emitter) { emit.Value(seconds(s.Taken)) }),
		gauge("aipass_exporter_next_run_timestamp_seconds", "When the exporter should look again, absent if it is asked over HTTP.",
			func(s *aipass.Snapshot, emit Emitter) {
				if l.Interval > 0 {
					emit.Value(seconds(s.Taken.Add(l.Interval)))
				}
			}),
		gauge("aipass_exporter_run_duration_seconds", "How long the look took, reading and collecting.",
			func(_ *aipass.Snapshot, emit Emitter) { emit.Value(time.Since(l.Started).Seconds()) }),
	}
}
