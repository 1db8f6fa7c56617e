package central

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

const (
	// listed is how many issues of a branch are told.
	listed = 20
	// issueLength is how much of one is, in code points.
	issueLength = 300
	// nameLength is how much of a branch's name is, which need not be registered.
	nameLength = 100
)

// What a branch's health can be.
const (
	StatusHealthy = "healthy"
	StatusWarning = "warning"
	StatusError   = "error"
)

// Health is HEALTH.central.json.
type Health struct {
	Timestamp string `json:"timestamp"`
	// Healthy counts the registered branches that nothing is said against.
	Healthy  int            `json:"healthy"`
	Warnings []BranchHealth `json:"warnings"`
	Errors   []BranchHealth `json:"errors"`
	Host     Condition      `json:"host"`
	// Branches are those of the registry.
	Branches map[string]Condition `json:"branches"`
}

// BranchHealth is a branch that something is wrong with.
type BranchHealth struct {
	Branch string `json:"branch"` // "" is the host itself
	Condition
}

// A Condition is how a branch is, and why. Issues are data: they have parts
// that agents wrote.
type Condition struct {
	Status string   `json:"status"`
	Issues []string `json:"issues"`
}

// Health says of each branch what the alert rules found.
func (s Source) Health() Health {
	found := conditions(s.Alerts.Firing)
	h := Health{
		Timestamp: s.timestamp(s.Alerts.Evaluated),
		Warnings:  sick(found, StatusWarning), Errors: sick(found, StatusError),
		Host: condition(found, ""), Branches: map[string]Condition{},
	}
	for i := range s.Look.Branches {
		name := s.Look.Branches[i].Name
		h.Branches[name] = condition(found, name)
		if h.Branches[name].Status == StatusHealthy {
			h.Healthy++
		}
	}
	return h
}

// conditions are those of all that alerts tell of, by branch.
func conditions(firing []actions.Alert) map[string]Condition {
	byBranch := map[string][]actions.Alert{}
	for _, a := range firing {
		if a.IsIssue() {
			byBranch[a.Branch] = append(byBranch[a.Branch], a)
		}
	}
	found := make(map[string]Condition, len(byBranch))
	for branch, alerts := range byBranch {
		slices.SortStableFunc(alerts, worstFirst)
		c := Condition{Status: StatusWarning}
		if alerts[0].IsGrave() {
			c.Status = StatusError
		}
		c.Issues = issues(alerts)
		found[branch] = c
	}
	return found
}

// worstFirst also makes the order the same at every run.
func worstFirst(a, b actions.Alert) int {
	if a.IsGrave() != b.IsGrave() {
		if a.IsGrave() {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Description, b.Description))
}

// issues has a line for each alert, as many as are read.
func issues(alerts []actions.Alert) []string {
	var lines []string
	for i, a := range alerts {
		if i == listed {
			return append(lines, fmt.Sprintf("and %d more", len(alerts)-listed))
		}
		text := a.Name
		if a.Description != "" {
			text += ": " + a.Description
		}
		lines = append(lines, mailbox.Cut(mailbox.Line(text), issueLength))
	}
	return lines
}

func condition(found map[string]Condition, branch string) Condition {
	if c, is := found[branch]; is {
		return c
	}
	return Condition{StatusHealthy, []string{}} // not null, which is no list to Python
}

// sick lists those of a status, by name.
func sick(found map[string]Condition, status string) []BranchHealth {
	list := []BranchHealth{}
	for branch, c := range found {
		if c.Status == status {
			list = append(list, BranchHealth{mailbox.Cut(mailbox.Line(branch), nameLength), c})
		}
	}
	slices.SortFunc(list, func(a, b BranchHealth) int { return cmp.Compare(a.Branch, b.Branch) })
	return list
}
