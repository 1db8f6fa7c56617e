package actions

import "time"

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
