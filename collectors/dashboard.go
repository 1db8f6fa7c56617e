package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func dashboards() Collector {
	return Collector{
		Name: "dashboard",
		Help: "Dashboards: when each was brought up to date.",
		Families: []Family{
			gauge("aipass_dashboard_updated_timestamp_seconds", "When the dashboard was brought up to date, by what it says or else by its file's time.", ofBranch(dashboardUpdated), "branch"),
		},
	}
}

func dashboardUpdated(b *aipass.Branch, emit Emitter) {
	if b.Dashboard.OK() {
		emit.Value(seconds(aipass.UpdatedAt(&b.Dashboard)), b.Name)
	}
}
