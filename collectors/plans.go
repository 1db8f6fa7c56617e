package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func plans() Collector {
	return Collector{
		Name: "plans",
		Help: "Flow's plans, by status.",
		Families: []Family{
			gauge("aipass_plans", "Plans in Flow's registries, absent if there is none or one cannot be read.", plansByStatus, "status"),
		},
	}
}

func plansByStatus(s *aipass.Snapshot, emit Emitter) {
	if s.PlanRegistry.OK() {
		emit.Value(float64(s.Plans.Open), "open")
		emit.Value(float64(s.Plans.Closed), "closed")
	}
}
