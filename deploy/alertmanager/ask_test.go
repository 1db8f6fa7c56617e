package alertmanager

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

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
