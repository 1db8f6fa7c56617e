package main

import (
	"fmt"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A hostStatus is what check shows, and the shape of its JSON.
type hostStatus struct {
	Home     string            `json:"home"`
	Taken    time.Time         `json:"taken"`
	Healthy  bool              `json:"healthy"`
	Files    map[string]string `json:"files"` // state of the host's own files
	Branches []branchStatus    `json:"branches"`
	Problems []problem         `json:"problems"`
}

type branchStatus struct {
	Name     string            `json:"name"`
	Layout   string            `json:"layout"`
	Healthy  bool              `json:"healthy"`
	Files    map[string]string `json:"files"` // state by file label
	Memory   []memoryStatus    `json:"memory"`
	Mail     *mailStatus       `json:"mail"`      // null if the inbox cannot be read
	LogBytes *int64            `json:"log_bytes"` // null if some logs cannot be read
}

// A memoryStatus is the lines of a memory file or the entries of an array in it.
type memoryStatus struct {
	File  string   `json:"file"`
	Array string   `json:"array,omitempty"` // none: lines
	N     int      `json:"n"`
	Limit *float64 `json:"limit"` // null if AIPass has none
}

type mailStatus struct {
	New         int `json:"new"`
	Opened      int `json:"opened"`
	StaleNew    int `json:"stale_new"`
	StaleOpened int `json:"stale_opened"`
}

type problem struct {
	Branch string `json:"branch"` // "" if it is the host's own
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

func newHostStatus(home string, s *aipass.Snapshot, staleNew, staleOpened time.Duration) hostStatus {
	h := hostStatus{Home: home, Taken: s.Taken, Files: map[string]string{}, Branches: []branchStatus{}, Problems: []problem{}}
	for _, f := range s.HostFiles() {
		h.Files[f.Name] = f.Head.State().String()
	}
	if s.Incomplete != nil {
		h.Problems = append(h.Problems, problem{What: s.Incomplete.Error(), Remedy: "give the run more time with --timeout"})
	}
	for _, f := range s.Faults() {
		h.Problems = append(h.Problems, problem{f.Branch, fmt.Sprintf("%s %s: %v", f.File, f.State, f.Err), f.Remedy})
	}
	logsKnown := s.SystemLogs.Known()
	for i := range s.Branches {
		b := &s.Branches[i]
		status := newBranchStatus(s, b, staleNew, staleOpened)
		if logsKnown && b.Logs.Known() {
			bytes := b.SystemLogs.Bytes + b.Logs.Value.Bytes
			status.LogBytes = &bytes
		}
		h.Branches = append(h.Branches, status)
		h.Problems = append(h.Problems, beyondLimits(s, b)...)
	}
	h.markHealth()
	return h
}

// markHealth: a branch is well if nothing is said against it.
func (h *hostStatus) markHealth() {
	sick := map[string]bool{}
	for _, p := range h.Problems {
		sick[p.Branch] = true
	}
	for i := range h.Branches {
		h.Branches[i].Healthy = !sick[h.Branches[i].Name]
	}
	h.Healthy = len(h.Problems) == 0
}

func newBranchStatus(s *aipass.Snapshot, b *aipass.Branch, staleNew, staleOpened time.Duration) branchStatus {
	status := branchStatus{Name: b.Name, Layout: b.Layout.String(), Files: map[string]string{}, Memory: []memoryStatus{}}
	for _, f := range b.Files() {
		status.Files[f.Name] = f.Head.State().String()
	}
	for _, f := range s.Fills(b) {
		m := memoryStatus{File: f.File, Array: f.Array, N: f.N}
		if f.Limit > 0 {
			m.Limit = &f.Limit
		}
		status.Memory = append(status.Memory, m)
	}
	if b.Inbox.OK() {
		in := &b.Inbox.Value
		status.Mail = &mailStatus{
			New: in.Count(aipass.NewMail), Opened: in.Count(aipass.OpenedMail),
			StaleNew:    in.OlderThan(aipass.NewMail, s.Taken.Add(-staleNew)),
			StaleOpened: in.OlderThan(aipass.OpenedMail, s.Taken.Add(-staleOpened)),
		}
	}
	return status
}

func beyondLimits(s *aipass.Snapshot, b *aipass.Branch) []problem {
	var problems []problem
	for _, f := range s.Fills(b) {
		if f.Limit <= 0 || float64(f.N) <= f.Limit {
			continue
		}
		what := "lines"
		if f.Array != "" {
			what = f.Array
		}
		problems = append(problems, problem{
			b.Name, fmt.Sprintf("%s: %d %s, AIPass's limit is %.0f", f.File, f.N, what, f.Limit),
			"let AIPass roll it over, or compress it",
		})
	}
	return problems
}
