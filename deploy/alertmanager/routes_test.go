package alertmanager

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// whoGetsWhat is the design's table. Every alert stands in it once.
var whoGetsWhat = map[string][]string{
	"branch": {
		"AIPassMailStaleNew", "AIPassMailStaleOpened",
		"AIPassMemoryEntriesLimitForecast", "AIPassMemoryEntriesNearLimit", "AIPassMemoryEntriesOverLimit",
		"AIPassMemoryLimitForecast", "AIPassMemoryNearLimit", "AIPassMemoryOverLimit",
	},
	"assistant": {
		"AIPassAgentLockStale", "AIPassDashboardStale", "AIPassDirectoryMissing", "AIPassFileMalformed", "AIPassFileMissing",
		"AIPassFileUnreadable", "AIPassLogErrorBurst", "AIPassLogNotRotated", "AIPassLogUnreadable", "AIPassMailboxMissing", "AIPassReadmeStale", "AIPassRegistryEntriesSkipped",
		// The watcher.
		"AIPassCollectorFailing", "AIPassMetricsGone", "AIPassNotificationsFailing", "AIPassRunOverdue", "AIPassTextfileStale",
		"AIPassTextfileUnreadable", "AIPassWebhooksFailing",
	},
	"dev_central": {
		"AIPassDiskNearlyFull", "AIPassInboxMalformed", "AIPassMailCleanupFailed", "AIPassRegistryMalformed", "AIPassRegistryMissing",
		"AIPassWatcherTroubleLasts",
	},
	"dead_mans_switch": {"AIPassWatchdog"},
}

func TestEveryAlertReachesWhomItIsFor(t *testing.T) {
	t.Parallel()
	listed := 0
	for receiver, names := range whoGetsWhat {
		for _, name := range names {
			listed++
			labels := alertLabels(t, name, "branch=DRONE")
			if got := route(t, oneHost, labels...); got != receiver {
				t.Errorf("%s reaches %s, not %s", name, got, receiver)
			}
			for _, host := range []string{"workshop", "attic"} {
				if got := route(t, severalHosts, append(labels, "host="+host)...); got != host+"_"+receiver {
					t.Errorf("%s of the %s reaches %s, not %s_%s", name, host, got, host, receiver)
				}
			}
		}
	}
	if all := len(rules(t)); listed != all {
		t.Errorf("%d alerts are listed, and there are %d", listed, all)
	}
}

func TestWhatIsNobodysReachesTheCatchAll(t *testing.T) {
	t.Parallel()
	for _, labels := range [][]string{
		{"alertname=InstanceDown"},
		{"alertname=InstanceDown", "branch=DRONE"},
		{"alertname=AIPassX", "recipient=gardener", "branch=DRONE"},
		{"alertname=AIPassX", "recipient=branch"},
		{"alertname=AIPassX", "recipient=branch", `branch=""`},
	} {
		if got := route(t, oneHost, labels...); got != "dev_central" {
			t.Errorf("%q reaches %s", labels, got)
		}
		if got := route(t, severalHosts, append(labels, "host=attic")...); got != "attic_dev_central" {
			t.Errorf("%q of the attic reaches %s", labels, got)
		}
	}
	for _, labels := range [][]string{nil, {"host=cellar"}} {
		labels = append(labels, "alertname=AIPassX", "recipient=assistant")
		if got := route(t, severalHosts, labels...); got != "workshop_dev_central" {
			t.Errorf("%q reaches %s", labels, got)
		}
	}
}

// Nothing may go another way once the optional lines are switched on, but what
// goes outside goes there besides.
func TestOptionalRoutesTakeNothingAway(t *testing.T) {
	t.Parallel()
	config := write(t, switchedOn(t, oneHost))
	for receiver, names := range whoGetsWhat {
		for _, name := range names {
			want := receiver
			if slices.Contains([]string{"AIPassNotificationsFailing", "AIPassWebhooksFailing"}, name) {
				want = "outside," + receiver
			}
			if got := route(t, config, alertLabels(t, name, "branch=DRONE")...); got != want {
				t.Errorf("%s reaches %s, not %s", name, got, want)
			}
		}
	}
}

// alertLabels are those that the rule gives an alert, and others.
func alertLabels(t *testing.T, name string, others ...string) []string {
	t.Helper()
	for _, r := range rules(t) {
		if r.Alert == name {
			labels := append([]string{"alertname=" + name}, others...)
			for _, label := range slices.Sorted(maps.Keys(r.Labels)) {
				labels = append(labels, label+"="+r.Labels[label])
			}
			return labels
		}
	}
	t.Fatalf("there is no alert %s", name)
	return nil
}

// route is the receivers that an alert of some labels reaches.
func route(t *testing.T, config string, labels ...string) string {
	t.Helper()
	return strings.TrimSpace(amtool(t, append([]string{"config", "routes", "test", "--config.file=" + config}, labels...)...))
}
