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
	news := slices.ContainsFunc(issues, func(a Alert) bool { return !slices.Contains(h.Notified, a.issue()) })
	h.Notified = slices.DeleteFunc(h.Notified, func(told string) bool {
		return !slices.ContainsFunc(issues, func(a Alert) bool { return a.issue() == told })
	})
	return news
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

// issue is what is wrong with whom. Files and the like are in its description.
func (a *Alert) issue() string { return a.Branch + ":" + a.Name }
