package events

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/central"
)

func TestAHealthCheckIsToldInFigures(t *testing.T) {
	t.Parallel()
	got := say(t, "/", HealthCheck(central.Health{
		Timestamp: "2026-02-19T08:00:00", Healthy: 17,
		Warnings: []central.BranchHealth{{Branch: "DRONE"}, {Branch: "FLOW"}}, Errors: []central.BranchHealth{{}},
	}))
	if diff := cmp.Diff("health_check_complete healthy=17 warnings=2 errors=1 timestamp=2026-02-19T08:00:00", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestACleanupIsToldInFigures(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("", 3600)
	got := say(t, "/", MailCleanup(actions.CleanupTotals{AutoOpened: 3, AutoClosed: 2, Errors: 1}, now.In(berlin)))
	if diff := cmp.Diff("mail_cleanup_complete auto_opened=3 auto_closed=2 errors=1 timestamp=2026-02-19T09:00:00", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
