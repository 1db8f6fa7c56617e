package alertmanager

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// An alert is written as its name and, where it has them, branch and instance:
// "AIPassInboxMalformed DRONE@workshop". Its other labels are the rule's.
type firing struct{ name, branch, instance string }

func parseFiring(text string) firing {
	name, place, _ := strings.Cut(text, " ")
	branch, instance, _ := strings.Cut(place, "@")
	return firing{name, branch, instance}
}

func (f firing) String() string {
	text := f.name
	if f.branch+f.instance != "" {
		text += " " + f.branch
	}
	if f.instance != "" {
		text += "@" + f.instance
	}
	return text
}

func (f firing) labels(t *testing.T) map[string]string {
	t.Helper()
	labels := map[string]string{}
	for _, label := range alertLabels(t, f.name, "branch="+f.branch, "instance="+f.instance) {
		if name, value, _ := strings.Cut(label, "="); value != "" {
			labels[name] = value
		}
	}
	return labels
}

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

// inhibited asks a real Alertmanager which of some alerts are silenced, and by
// which.
func inhibited(t *testing.T, alerts []string) map[string]string {
	t.Helper()
	// Nothing is to be sent anywhere while we look.
	config := regexp.MustCompile(`group_wait: \S+`).ReplaceAllString(read(t, oneHost), "group_wait: 1h")
	am := servertest.StartAlertmanager(t, write(t, config))
	post(t, am, alerts)
	// Alertmanager takes alerts in one by one: once these are in, all are.
	const last, lastSource = "AIPassMemoryOverLimit LAST@last", "AIPassInboxMalformed LAST@last"
	post(t, am, []string{lastSource, last})
	var by map[string]string
	servertest.Await(t, last+" is silenced", func() bool {
		by = silencedBy(t, am)
		return by[last] == lastSource
	})
	delete(by, last)
	return by
}

func post(t *testing.T, am *servertest.Server, alerts []string) {
	t.Helper()
	type alert struct {
		Labels map[string]string `json:"labels"`
	}
	var all []alert
	for _, text := range alerts {
		all = append(all, alert{parseFiring(text).labels(t)})
	}
	body, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := am.Post("/api/v2/alerts", body); err != nil {
		t.Fatal(err)
	}
}

func silencedBy(t *testing.T, am *servertest.Server) map[string]string {
	t.Helper()
	body, err := am.Get("/api/v2/alerts")
	if err != nil {
		t.Fatal(err)
	}
	var alerts []struct {
		Fingerprint string
		Labels      map[string]string
		Status      struct{ InhibitedBy []string }
	}
	if err := json.Unmarshal(body, &alerts); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, a := range alerts {
		names[a.Fingerprint] = firing{a.Labels["alertname"], a.Labels["branch"], a.Labels["instance"]}.String()
	}
	by := map[string]string{}
	for _, a := range alerts {
		if sources := a.Status.InhibitedBy; len(sources) > 0 {
			by[names[a.Fingerprint]] = names[sources[0]]
		}
	}
	return by
}
