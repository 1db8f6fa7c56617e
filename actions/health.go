package actions

import (
	"slices"
	"time"
)

// A HealthCheck is what the last evaluation of the alert rules came to, and which
// issues a summary has told of.
type HealthCheck struct {
	LastRun  time.Time    `json:"last_run,omitzero"`
	Last     HealthStatus `json:"last_status"`
	Notified []string     `json:"notified"` // as summaries tell them apart, while they last
}

// HealthStatus counts branches.
type HealthStatus struct {
	Healthy  int `json:"healthy"`
	Warnings int `json:"warnings"`
	Errors   int `json:"errors"`
}

// News says whether there is an issue that no summary has told of. Issues that are
// over are forgotten.
func (h *HealthCheck) News(issues []Alert) bool {
	var told []Alert
	for _, a := range issues {
		if slices.Contains(h.Notified, a.issue()) || slices.Contains(h.Notified, a.kind()) {
			told = append(told, a)
		}
	}
	h.Told(told)
	return len(told) < len(issues)
}

// Told notes that a summary has told of issues.
func (h *HealthCheck) Told(issues []Alert) {
	h.Notified = []string{}
	for _, a := range issues {
		h.Notified = append(h.Notified, a.issue())
	}
	slices.Sort(h.Notified)
	h.Notified = slices.Compact(h.Notified)
}

// issue is what is wrong with whom, down to the file.
func (a *Alert) issue() string { return a.kind() + "{" + a.Own() + "}" }

// kind is all that earlier versions remembered: whatever is of it then was told of.
func (a *Alert) kind() string { return a.Branch + ":" + a.Name }
