package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func addCheck(app *kingpin.Application, host *hostFlags, stdout io.Writer) (string, func(*slog.Logger) command) {
	cmd := app.Command("check", "Show what stands where on the host, as a table. Exit code 1 if something is wrong.")
	asJSON := cmd.Flag("json", "Print the same as JSON.").Bool()
	return cmd.FullCommand(), func(*slog.Logger) command {
		return func(ctx context.Context) error { return check(ctx, host, *asJSON, stdout) }
	}
}

// check states facts. What it calls wrong is a file that AIPass cannot use, a
// counter that does not add up, or a memory file beyond AIPass's own limit;
// stale mail is shown, and is the alert rules' to judge.
func check(ctx context.Context, host *hostFlags, asJSON bool, stdout io.Writer) error {
	tree, err := host.tree()
	if err != nil {
		return exitError{2, err}
	}
	ctx, cancel := context.WithTimeout(ctx, *host.timeout)
	defer cancel()
	s := tree.Snapshot(ctx)
	status := newHostStatus(tree.Root(), s, host)
	if asJSON {
		out := json.NewEncoder(stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		err = out.Encode(status)
	} else {
		err = writeTable(stdout, status, colour(stdout, host.sys.getenv))
	}
	switch {
	case err != nil:
		return exitError{2, fmt.Errorf("write: %w", err)}
	case !status.Healthy:
		return errFindings
	}
	return nil
}

// colour says whether stdout is a terminal whose owner did not ask for plain text.
func colour(stdout io.Writer, getenv func(string) string) bool {
	f, ok := stdout.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

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
	Mail     *mailStatus       `json:"mail"` // null if the inbox cannot be read
	LogBytes int64             `json:"log_bytes"`
}

type memoryStatus struct {
	File       string   `json:"file"`
	Lines      int      `json:"lines"`
	LinesLimit *float64 `json:"lines_limit"` // null if AIPass goes by entries
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
	Remedy string `json:"remedy,omitempty"`
}

func newHostStatus(home string, s *aipass.Snapshot, host *hostFlags) hostStatus {
	status := hostStatus{Home: home, Taken: s.Taken, Files: map[string]string{}, Branches: []branchStatus{}, Problems: []problem{}}
	for _, f := range s.HostFiles() {
		status.Files[f.Name] = f.Head.State().String()
	}
	if s.Incomplete != nil {
		status.Problems = append(status.Problems, problem{What: s.Incomplete.Error(), Remedy: "give the run more time with --timeout"})
	}
	for _, f := range s.Faults() {
		status.Problems = append(status.Problems, problem{f.Branch, fmt.Sprintf("%s %s: %v", f.File, f.State, f.Err), f.Remedy})
	}
	for i := range s.Branches {
		b := &s.Branches[i]
		status.Branches = append(status.Branches, newBranchStatus(s, b, host))
		status.Problems = append(status.Problems, beyondLimits(s, b)...)
	}
	status.markHealth()
	return status
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

func newBranchStatus(s *aipass.Snapshot, b *aipass.Branch, host *hostFlags) branchStatus {
	status := branchStatus{Name: b.Name, Layout: b.Layout.String(), Files: map[string]string{}, Memory: []memoryStatus{}}
	for _, f := range b.Files() {
		status.Files[f.Name] = f.Head.State().String()
	}
	for _, m := range b.Memories() {
		if !m.File.Value.LinesKnown {
			continue
		}
		row := memoryStatus{File: m.Name, Lines: m.File.Value.Lines}
		if limit, ok := s.LinesLimit(b, &m.File.Value); ok {
			row.LinesLimit = &limit
		}
		status.Memory = append(status.Memory, row)
	}
	if b.Inbox.OK() {
		in := &b.Inbox.Value
		status.Mail = &mailStatus{
			New: in.Count(aipass.NewMail), Opened: in.Count(aipass.OpenedMail),
			StaleNew:    in.OlderThan(aipass.NewMail, s.Taken.Add(-*host.staleNew)),
			StaleOpened: in.OlderThan(aipass.OpenedMail, s.Taken.Add(-*host.staleOpened)),
		}
	}
	for _, logs := range [][]aipass.Log{b.SystemLogs, b.Logs.Value} {
		for _, log := range logs {
			status.LogBytes += log.Size
		}
	}
	return status
}

// beyondLimits are the problems that readable files have.
func beyondLimits(s *aipass.Snapshot, b *aipass.Branch) []problem {
	var problems []problem
	if !b.Directory.OK() {
		return nil
	}
	for _, f := range b.Files() {
		if f.Head.State() == aipass.Missing && !f.Optional && f.Name != "inbox" {
			problems = append(problems, problem{Branch: b.Name, What: f.Name + " missing"})
		}
	}
	if b.Inbox.Value.CounterMismatch {
		problems = append(problems, problem{b.Name, "inbox: a stored counter is not what a recount says", "AIPass corrects it at the next delivery"})
	}
	for _, m := range b.Memories() {
		memory := &m.File.Value
		limit, ok := s.LinesLimit(b, memory)
		if memory.LinesKnown && ok && float64(memory.Lines) > limit {
			problems = append(problems, problem{b.Name, fmt.Sprintf("%s: %d lines, AIPass's limit is %.0f", m.Name, memory.Lines, limit), "let AIPass roll the file over, or compress it"})
		}
		for _, array := range aipass.EntryArrays {
			n, has := memory.Entries(array)
			if limit, ok := s.EntriesLimit(b, array); m.File.OK() && has && ok && float64(n) > limit {
				problems = append(problems, problem{b.Name, fmt.Sprintf("%s: %d %s, AIPass's limit is %.0f", m.Name, n, array, limit), "let AIPass roll the array over"})
			}
		}
	}
	return problems
}
