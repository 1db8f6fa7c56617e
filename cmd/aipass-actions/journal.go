package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

func addJournal(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("journal", "List what cleanups did, newest first.")
	output := addOutput(cmd)
	r.Add(cmd, func(context.Context) error {
		journal, err := shared.journal()
		if err != nil {
			return err
		}
		runs, unreadable := journal.List()
		if *output == "json" {
			err = writeJSON(r.Stdout, newRuns(runs))
		} else {
			err = writeRuns(r, runs)
		}
		return errors.Join(err, unreadable)
	})
}

type runReport struct {
	Run      string            `json:"run"`
	Started  time.Time         `json:"started"`
	Home     string            `json:"home"`
	Opened   int               `json:"opened"`
	Closed   int               `json:"closed"`
	Undone   bool              `json:"undone"`
	Cut      bool              `json:"cut"` // the machine stopped while it was being written
	Branches []branchRunReport `json:"branches"`
}

type branchRunReport struct {
	Branch   string `json:"branch"`
	Opened   int    `json:"opened"`
	Closed   int    `json:"closed"`
	Finished bool   `json:"finished"`
	Fault    string `json:"fault,omitempty"`
	Undone   bool   `json:"undone"`
}

func newRuns(runs []cleanup.History) []runReport {
	reports := []runReport{}
	for _, h := range runs {
		opened, closed := h.Count()
		report := runReport{
			Run: h.ID, Started: h.Started, Home: h.Home, Opened: opened, Closed: closed,
			Undone: h.Undone(), Cut: h.Cut, Branches: []branchRunReport{},
		}
		for _, b := range h.Branches {
			report.Branches = append(report.Branches, branchRunReport{b.Branch, b.Opened, b.Closed, b.Finished, b.Err, b.Undone})
		}
		reports = append(reports, report)
	}
	return reports
}

func writeRuns(r cli.Room, runs []cleanup.History) error {
	t := newTable(r)
	t.AddPlain("RUN", "STARTED", "BRANCHES", "OPENED", "CLOSED", "UNDONE")
	for _, h := range runs {
		opened, closed := h.Count()
		undone := "no"
		if h.Undone() {
			undone = "yes"
		}
		t.AddPlain(h.ID, h.Started.Local().Format(time.DateTime), strconv.Itoa(len(h.Branches)),
			strconv.Itoa(opened), strconv.Itoa(closed), undone)
	}
	return t.Write(harmless{r.Stdout})
}
