package actions

import (
	"cmp"
	"slices"
)

// Reports are what the daily reports said, for the next to say what has changed.
type Reports struct {
	// Sent is the date of the newest report that each branch got, by its name.
	Sent map[string]string `json:"sent"`
	Days []ReportDay       `json:"days"` // oldest first
}

// A ReportDay is a report in figures.
type ReportDay struct {
	Date      string   `json:"date"`
	Healthy   int      `json:"healthy"`
	Warnings  int      `json:"warnings"`
	Errors    int      `json:"errors"`
	Unread    int      `json:"unread"`
	Messages  int      `json:"messages"`
	OverLimit int      `json:"over_limit"`
	OpenPlans int      `json:"open_plans"`
	LogBytes  int64    `json:"log_bytes"`
	Issues    []string `json:"issues"` // as the report named them
}

// reportDays is how many are kept: a week, and the one before it.
const reportDays = 8

// Add keeps the figures of a report, those of its day only.
func (r *Reports) Add(day ReportDay) {
	r.Days = slices.DeleteFunc(r.Days, func(d ReportDay) bool { return d.Date == day.Date })
	r.Days = append(r.Days, day)
	slices.SortFunc(r.Days, func(a, b ReportDay) int { return cmp.Compare(a.Date, b.Date) })
	r.Days = r.Days[max(0, len(r.Days)-reportDays):]
}

// Before lists those of earlier days, oldest first.
func (r *Reports) Before(date string) []ReportDay {
	at, _ := slices.BinarySearchFunc(r.Days, date, func(d ReportDay, date string) int { return cmp.Compare(d.Date, date) })
	return r.Days[:at]
}

// Send notes that a branch has the report of a date.
func (r *Reports) Send(branch, date string) {
	if r.Sent == nil {
		r.Sent = map[string]string{}
	}
	r.Sent[branch] = max(r.Sent[branch], date)
}
