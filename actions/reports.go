package actions

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Reports are what the daily reports said, for the next to say what has changed.
type Reports struct {
	Sent map[string]SentReports `json:"sent"` // by the branch that got them
	Days []ReportDay            `json:"days"` // oldest first
}

// SentReports are the dates of the reports that a branch got.
type SentReports struct {
	// Since is the first date that is remembered: those before it count as sent,
	// for whoever got one must not get it twice. "" is no such date.
	Since string   `json:"since,omitempty"`
	Dates []string `json:"dates"` // oldest first
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

// sentDates is how many are remembered for each branch, two months if it gets one a day.
const sentDates = 60

// Send notes that a branch has the report of a date.
func (r *Reports) Send(branch, date string) {
	if r.Sent == nil {
		r.Sent = map[string]SentReports{}
	}
	sent := r.Sent[branch]
	sent.add(date)
	r.Sent[branch] = sent
}

// IsSent says whether a branch has the report of a date, or may have had it.
func (r *Reports) IsSent(branch, date string) bool {
	sent := r.Sent[branch]
	return date < sent.Since || slices.Contains(sent.Dates, date)
}

func (s *SentReports) add(date string) {
	if slices.Contains(s.Dates, date) || date < s.Since {
		return
	}
	s.Dates = append(s.Dates, date)
	slices.Sort(s.Dates)
	if more := len(s.Dates) - sentDates; more > 0 {
		s.Dates = s.Dates[more:]
		s.Since = s.Dates[0]
	}
}

// UnmarshalJSON also reads what was kept before there were several: the newest date.
func (s *SentReports) UnmarshalJSON(data []byte) error {
	var newest string
	if json.Unmarshal(data, &newest) == nil {
		*s = SentReports{Since: newest, Dates: []string{newest}}
		return nil
	}
	type plain SentReports
	return json.Unmarshal(data, (*plain)(s))
}
