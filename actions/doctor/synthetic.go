package doctor

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// syntheticName is how the names of synthetic alerts begin.
const syntheticName = "AIPassTest"

// syntheticLabels are those that an alert of the rules would have. The outer ones
// are added as Prometheus does, which leaves an alert its own.
func syntheticLabels(name, branch, recipient string, outer map[string]string) map[string]string {
	labels := maps.Clone(outer)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, map[string]string{"alertname": name, "branch": branch, "recipient": recipient, "severity": "info", "priority": "low"})
	return labels
}

// A synthetic alert is about a branch with which nothing is wrong. Its name is
// its own, so that its mail is known by it.
type synthetic struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
}

// newSynthetic ends by itself, if nobody is left to end it.
func newSynthetic(branch string, outer map[string]string, now time.Time, atMost time.Duration) *synthetic {
	var random [4]byte
	rand.Read(random[:]) // never fails, by its contract
	return &synthetic{
		Labels: syntheticLabels(syntheticName+"-"+hex.EncodeToString(random[:]), branch, alerts.ToBranch, outer),
		Annotations: map[string]string{
			"summary":     "A test of the way that alerts take. Nothing is wrong, and nothing is to be done.",
			"description": "Sent by aipass-actions doctor, which somebody has asked to prove that alerts get here. It is over in a moment.",
		},
		// So that it ends after it began, however soon that is.
		StartsAt: now.Add(-time.Second).UTC(), EndsAt: now.Add(atMost).UTC(),
	}
}

func (s *synthetic) name() string { return s.Labels["alertname"] }

// notification is what Alertmanager would make of it.
func (s *synthetic) notification(status string) alerts.Notification {
	a := alerts.Alert{Status: status, Labels: s.Labels, Annotations: s.Annotations, StartsAt: s.StartsAt}
	if status == resolved {
		a.EndsAt = s.EndsAt
	}
	return alerts.Notification{Version: "4", Receiver: "doctor", GroupKey: s.name(), Alerts: []alerts.Alert{a}}
}

// Statuses of an alert, by Alertmanager's words.
const (
	firing   = "firing"
	resolved = "resolved"
)
