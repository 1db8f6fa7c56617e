package central

import (
	"math"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Metrics is METRICS.central.json. What is null is not known.
type Metrics struct {
	Timestamp string                   `json:"timestamp"`
	Logs      LogMetrics               `json:"logs"`
	Memory    MemoryMetrics            `json:"memory"`
	Mail      MailMetrics              `json:"mail"`
	Branches  map[string]BranchMetrics `json:"branches"`
}

// LogMetrics are about live log files; rotated ones do not count.
type LogMetrics struct {
	Bytes     int64   `json:"total_size_bytes"`
	Megabytes float64 `json:"total_size_mb"`
	Files     int     `json:"file_count"`
	Errors    *int    `json:"recent_errors"`
	Warnings  *int    `json:"recent_warnings"`
}

// MemoryMetrics are about all memory files that there are.
type MemoryMetrics struct {
	Bytes int64 `json:"total_size_bytes"`
	Files int   `json:"file_count"`
	Lines int   `json:"total_lines"` // of those that are text
}

// MailMetrics are about the mailboxes that can be read.
type MailMetrics struct {
	Unread     int `json:"total_unread"`
	Total      int `json:"total_messages"`
	Unreadable int `json:"unreadable_mailboxes"`
}

// BranchMetrics are a branch's share.
type BranchMetrics struct {
	Logs   LogMetrics            `json:"logs"`
	Memory map[string]MemoryFile `json:"memory"` // by kind: local, observations
	Mail   Mailbox               `json:"mail"`
}

// A MemoryFile is one of a branch's.
type MemoryFile struct {
	State   string               `json:"state"` // ok, missing, malformed or unreadable
	Bytes   int64                `json:"size_bytes"`
	Lines   *int                 `json:"lines"`
	Limit   *float64             `json:"lines_limit"` // AIPass's own; null if it has none
	Entries map[string]EntryList `json:"entries"`     // by the name of the list
}

// An EntryList is a list in a memory file.
type EntryList struct {
	Count int      `json:"count"`
	Limit *float64 `json:"limit"`
}

// A Mailbox is a branch's.
type Mailbox struct {
	State  string `json:"state"`
	Unread *int   `json:"unread"`
	Total  *int   `json:"total"`
}

// Metrics adds up what the look saw.
func (s Source) Metrics() Metrics {
	m := Metrics{Timestamp: s.timestamp(s.Look.Taken), Branches: map[string]BranchMetrics{}}
	m.Logs = s.logs("", s.Look.StrayLogs)
	for i := range s.Look.Branches {
		b := &s.Look.Branches[i]
		branch := BranchMetrics{Logs: s.logs(b.Name, b.SystemLogs, b.Logs.Value), Memory: s.memory(b), Mail: s.mailbox(b)}
		m.Branches[b.Name] = branch
		m.add(branch)
	}
	return m
}

func (m *Metrics) add(b BranchMetrics) {
	m.Logs = m.Logs.plus(b.Logs)
	for _, f := range b.Memory {
		if f.State != aipass.Missing.String() {
			m.Memory.Files++
			m.Memory.Bytes += f.Bytes
		}
		if f.Lines != nil {
			m.Memory.Lines += *f.Lines
		}
	}
	if b.Mail.Unread == nil {
		m.Mail.Unreadable++
		return
	}
	m.Mail.Unread += *b.Mail.Unread
	m.Mail.Total += *b.Mail.Total
}

func (s Source) logs(branch string, places ...aipass.Logs) LogMetrics {
	var sum LogMetrics
	for _, l := range places {
		sum.Bytes += l.Bytes
		sum.Files += l.Files
	}
	if s.Recent != nil {
		recent := s.Recent[branch]
		sum.Errors, sum.Warnings = &recent.Errors, &recent.Warnings
	}
	return sum.rounded()
}

func (l LogMetrics) plus(o LogMetrics) LogMetrics {
	l.Bytes += o.Bytes
	l.Files += o.Files
	if l.Errors != nil {
		l.Errors, l.Warnings = new(*l.Errors+*o.Errors), new(*l.Warnings+*o.Warnings)
	}
	return l.rounded()
}

func (l LogMetrics) rounded() LogMetrics {
	l.Megabytes = math.Round(float64(l.Bytes)/1024/1024*100) / 100
	return l
}

func (s Source) memory(b *aipass.Branch) map[string]MemoryFile {
	files := map[string]MemoryFile{}
	for _, f := range b.MemoryFiles() {
		files[f.Kind] = MemoryFile{State: f.State().String(), Bytes: f.Size, Entries: map[string]EntryList{}}
	}
	for _, fill := range s.Look.Fills(b) {
		var limit *float64
		if fill.Limit > 0 {
			limit = &fill.Limit
		}
		f := files[fill.File]
		if fill.Array == "" {
			f.Lines, f.Limit = &fill.N, limit
		} else {
			f.Entries[fill.Array] = EntryList{fill.N, limit}
		}
		files[fill.File] = f
	}
	return files
}

func (s Source) mailbox(b *aipass.Branch) Mailbox {
	if now, changed := s.Mail[b.Name]; changed {
		return Mailbox{aipass.OK.String(), &now.Unread, &now.Total}
	}
	m := Mailbox{State: b.Inbox.State().String()}
	if b.Inbox.OK() {
		m.Unread, m.Total = new(b.Inbox.Value.Count(aipass.NewMail)), new(len(b.Inbox.Value.Messages))
	}
	return m
}
