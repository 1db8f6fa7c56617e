package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// remembered is how many issues are, for the next report to say what is new.
const remembered = 1000

// An issue is something that is wrong with a branch, or the host.
type issue struct {
	branch string
	grave  bool
	key    string // the same tomorrow, if it is still there
	text   string
}

// health tells what the alert rules found or, if nobody has evaluated them,
// what is wrong with the files.
func (w *writer) health() {
	w.heading("System Health")
	issues, by := w.fileIssues(), "By the state of the files: no alert rules have been evaluated yet."
	if w.State.Alerts.Known() {
		issues, by = alertIssues(w.State.Alerts.Firing), "By the alert rules, evaluated at "+w.when(w.State.Alerts.Evaluated)+"."
	}
	grave, slight := byBranch(issues, true), byBranch(issues, false)
	w.day.Errors, w.day.Warnings = len(grave), len(slight)
	w.day.Healthy = w.healthy(issues)
	for _, i := range issues[:min(len(issues), remembered)] {
		w.day.Issues = append(w.day.Issues, i.key)
	}
	w.line("- Healthy branches: %d", w.day.Healthy)
	w.line("- Warnings: %d", w.day.Warnings)
	w.line("- Errors: %d", w.day.Errors)
	w.line("\n%s", by)
	w.issues("Errors", grave)
	w.issues("Warnings", slight)
}

func (w *writer) issues(title string, lines []string) {
	if len(lines) > 0 {
		w.line("\n### %s", title)
		w.list("", lines)
	}
}

// healthy counts the branches that nothing is said against.
func (w *writer) healthy(issues []issue) int {
	n := 0
	for i := range w.Look.Branches {
		sick := slices.ContainsFunc(issues, func(is issue) bool { return is.branch == w.Look.Branches[i].Name })
		if !sick {
			n++
		}
	}
	return n
}

// byBranch has a line for each branch with issues that are grave, or are not:
// a branch with both has its errors told, and its warnings with them.
func byBranch(issues []issue, grave bool) []string {
	texts := map[string][]string{}
	isGrave := map[string]bool{}
	var order []string
	for _, i := range issues {
		if texts[i.branch] == nil {
			order = append(order, i.branch)
		}
		texts[i.branch] = append(texts[i.branch], i.text)
		isGrave[i.branch] = isGrave[i.branch] || i.grave
	}
	slices.Sort(order)
	var lines []string
	for _, branch := range order {
		if isGrave[branch] == grave {
			lines = append(lines, owner(branch)+": "+several(texts[branch]))
		}
	}
	return lines
}

// several puts a few texts on a line.
func several(texts []string) string {
	const few = 5
	if more := len(texts) - few; more > 0 {
		texts = append(slices.Clone(texts[:few]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, ", ")
}

// alertIssues are the alerts that say that something is wrong.
func alertIssues(firing []actions.Alert) []issue {
	var issues []issue
	for _, a := range firing {
		if !a.IsIssue() {
			continue
		}
		text := name(a.Name)
		if a.Description != "" {
			text += " " + said(a.Description)
		}
		issues = append(issues, issue{
			branch: a.Branch, grave: a.IsGrave(),
			key: key(a.Branch, strings.TrimSpace(a.Name+" "+a.Own())), text: text,
		})
	}
	return issues
}

// fileIssues are the facts that need no threshold.
func (w *writer) fileIssues() []issue {
	var issues []issue
	for _, f := range w.Look.Faults() {
		text := name(f.File) + " " + f.State.String()
		if f.Err != nil && f.State != aipass.Missing {
			text += " " + said(f.Err.Error())
		}
		issues = append(issues, issue{branch: f.Branch, grave: true, key: key(f.Branch, f.File+" "+f.State.String()), text: text})
	}
	for _, over := range w.beyondLimits() {
		issues = append(issues, issue{branch: over.branch, key: key(over.branch, over.file()+" over its limit"), text: over.String()})
	}
	return issues
}

// key names an issue without the figures that change from day to day.
func key(branch, what string) string { return owner(branch) + ": " + name(what) }
