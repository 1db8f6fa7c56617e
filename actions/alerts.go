package actions

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Alerts are what the last evaluation of the alert rules found.
type Alerts struct {
	Evaluated time.Time `json:"evaluated,omitzero"` // zero if the rules never were
	Firing    []Alert   `json:"firing"`
}

// Known says whether the rules have been evaluated: without that, that no alert
// fires says nothing.
func (a *Alerts) Known() bool { return !a.Evaluated.IsZero() }

// An Alert is one that fires. What it says has parts that agents wrote.
type Alert struct {
	Name        string    `json:"name"`
	Branch      string    `json:"branch"` // "" if it is about the host
	Severity    string    `json:"severity"`
	Recipient   string    `json:"recipient"`
	Description string    `json:"description"`
	Since       time.Time `json:"since,omitzero"`
	// Labels are those beyond these, such as the file that it is about.
	Labels map[string]string `json:"labels,omitempty"`
}

// Severities, the worst first.
const (
	SeverityCritical = "critical"
	SeverityError    = "error"
	SeverityWarning  = "warning"
	SeverityInfo     = "info"
)

// IsIssue says that something is wrong: what is for information is not.
func (a *Alert) IsIssue() bool { return a.Severity != SeverityInfo }

// IsGrave says that what is wrong is more than a warning. A severity that a
// user's own rules made up is.
func (a *Alert) IsGrave() bool { return a.IsIssue() && a.Severity != SeverityWarning }

// Own are the labels that tell it apart from others of its name and branch, such as
// array="sessions", file="local"; "" if there are none.
func (a *Alert) Own() string {
	var own []string
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		own = append(own, fmt.Sprintf("%s=%q", name, a.Labels[name]))
	}
	return strings.Join(own, ", ")
}
