package alertmanager

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatSilencesWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what     string
		source   string
		silenced []string
		heard    []string
	}{
		{
			what:     "a mailbox in danger, over lesser things of the branch",
			source:   "AIPassInboxMalformed DRONE@workshop",
			silenced: []string{"AIPassMemoryOverLimit DRONE@workshop", "AIPassMemoryNearLimit DRONE@workshop", "AIPassDashboardStale DRONE@workshop"},
			heard: []string{
				"AIPassFileMalformed DRONE@workshop", // an error
				"AIPassMemoryOverLimit FLOW@workshop", "AIPassMemoryOverLimit DRONE@attic", "AIPassMemoryOverLimit DRONE",
				"AIPassRunOverdue @workshop", "AIPassWatchdog",
			},
		},
		{
			what:   "a mailbox in danger, over no other danger",
			source: "AIPassInboxMalformed DRONE@workshop",
			heard:  []string{"AIPassMailCleanupFailed DRONE@workshop"},
		},
		{
			what:   "the host in danger, over nothing",
			source: "AIPassRegistryMalformed @workshop",
			heard:  []string{"AIPassRunOverdue @workshop", "AIPassLogNotRotated @workshop", "AIPassMemoryOverLimit DRONE@workshop", "AIPassWatchdog @workshop"},
		},
		{
			what:   "no directory, over everything of the branch",
			source: "AIPassDirectoryMissing DRONE@workshop",
			silenced: []string{
				"AIPassMemoryOverLimit DRONE@workshop", "AIPassMemoryNearLimit DRONE@workshop",
				"AIPassFileMalformed DRONE@workshop", "AIPassNotificationsFailing DRONE@workshop",
			},
			heard: []string{
				"AIPassMemoryOverLimit FLOW@workshop", "AIPassMemoryOverLimit DRONE@attic", "AIPassMemoryOverLimit DRONE",
				"AIPassDiskNearlyFull @workshop", "AIPassWatchdog @workshop",
			},
		},
		{
			what:     "no directory, over data in danger, too",
			source:   "AIPassDirectoryMissing DRONE@workshop",
			silenced: []string{"AIPassMailCleanupFailed DRONE@workshop"},
			heard:    []string{"AIPassMailCleanupFailed FLOW@workshop", "AIPassDirectoryMissing FLOW@attic"},
		},
		{
			what:     "no metrics, over what the exporter said last",
			source:   "AIPassMetricsGone @workshop",
			silenced: []string{"AIPassInboxMalformed DRONE@workshop", "AIPassRegistryMalformed @workshop", "AIPassMemoryOverLimit FLOW@workshop"},
			heard: []string{
				"AIPassInboxMalformed DRONE@attic", "AIPassRegistryMalformed",
				"AIPassWatcherTroubleLasts @workshop", "AIPassDiskNearlyFull @workshop", "AIPassWatchdog",
			},
		},
		{
			what:     "where nothing has an instance, as without Prometheus",
			source:   "AIPassMetricsGone",
			silenced: []string{"AIPassInboxMalformed DRONE", "AIPassRegistryMalformed"},
			heard:    []string{"AIPassInboxMalformed DRONE@attic", "AIPassWatcherTroubleLasts", "AIPassWatchdog"},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			want := map[string]string{}
			for _, s := range c.silenced {
				want[s] = c.source
			}
			got := inhibited(t, slices.Concat([]string{c.source}, c.silenced, c.heard))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("alerts and what silences them: -want +got:\n%s", diff)
			}
		})
	}
}

// gone are alerts of an exporter that is gone; one or the other fires.
var gone = []string{"AIPassMetricsGone", "AIPassTextfileStale"}

// knownOtherwise are alerts that do not say what the exporter saw on the host,
// and so are as true when it is gone.
var knownOtherwise = []string{
	"AIPassDiskNearlyFull", "AIPassMailCleanupFailed", // by node_exporter, by aipass-actions
	"AIPassTextfileUnreadable", "AIPassRunOverdue", "AIPassNotificationsFailing", "AIPassWebhooksFailing",
	"AIPassWatcherTroubleLasts", "AIPassWatchdog",
}

func TestAnExporterThatIsGoneSilencesAllThatItSaid(t *testing.T) {
	t.Parallel()
	for _, name := range gone {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := name + " @workshop"
			alerts, want := []string{source}, map[string]string{}
			for _, r := range rules(t) {
				if slices.Contains(gone, r.Alert) {
					continue
				}
				alert := r.Alert + " OF_" + r.Alert + "@workshop" // of a branch that no other is about
				alerts = append(alerts, alert)
				if !slices.Contains(knownOtherwise, r.Alert) {
					want[alert] = source
				}
			}
			if diff := cmp.Diff(want, inhibited(t, alerts)); diff != "" {
				t.Errorf("alerts and what silences them: -want +got:\n%s", diff)
			}
		})
	}
}

func TestNoAlertSilencesItself(t *testing.T) {
	t.Parallel()
	var alerts []string
	for _, r := range rules(t) {
		alerts = append(alerts, r.Alert+" DRONE@of_"+r.Alert, r.Alert+" @of_host_"+r.Alert)
	}
	if got := inhibited(t, alerts); len(got) > 0 {
		t.Errorf("of alerts that have nothing in common some are silenced: %v", got)
	}
}
