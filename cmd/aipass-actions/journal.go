package main

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func addJournal(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("journal", "List what cleanups did, newest first; with a run, what of it can be put back.")
	id := cmd.Arg("run", "Only this run, message by message.").String()
	output := addOutput(cmd)
	r.Add(cmd, func(context.Context) error {
		journal, err := shared.journal()
		if err != nil {
			return err
		}
		if *id != "" {
			return writeRun(r, journal, *id, *output)
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

// writeRun shows a run, message by message.
func writeRun(r cli.Room, journal cleanup.Journal, id, output string) error {
	h, err := journal.Read(id)
	if errors.Is(err, cleanup.ErrNoRun) {
		err = cli.Usage(err)
	}
	if err != nil {
		return err
	}
	if output == "json" {
		return writeJSON(r.Stdout, newRuns([]cleanup.History{h})[0])
	}
	t := newTable(r)
	t.AddPlain("BRANCH", "WHAT", "SENT", "SUBJECT", "ID")
	for _, b := range h.Branches {
		for _, deed := range b.Deeds() {
			t.AddPlain(b.Branch, done(deed), deed.Timestamp, mailbox.Quote(deed.Subject, subjectWidth), deed.ID)
		}
	}
	return t.Write(harmless{r.Stdout})
}

func done(deed cleanup.Deed) string {
	if deed.Kind == mailbox.Archived {
		return "closed"
	}
	return "opened"
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
	// Messages are what can be put back.
	Messages []deedReport `json:"messages"`
}

type deedReport struct {
	What    string `json:"what"`
	ID      string `json:"id"`
	Sent    string `json:"sent"`
	Subject string `json:"subject"`
}

func newDeeds(deeds []cleanup.Deed) []deedReport {
	reports := []deedReport{}
	for _, deed := range deeds {
		reports = append(reports, deedReport{done(deed), deed.ID, deed.Timestamp, deed.Subject})
	}
	return reports
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
			report.Branches = append(report.Branches, branchRunReport{b.Branch, b.Opened, b.Closed, b.Finished, b.Err, b.Undone, newDeeds(b.Deeds())})
		}
		reports = append(reports, report)
	}
	return reports
}

func writeRuns(r cli.Room, runs []cleanup.History) error {
	t := newTable(r)
	t.AddPlain("RUN", "STARTED", "BRANCHES", "OPENED", "CLOSED", "UNDONE", "FAULT")
	for _, h := range runs {
		opened, closed := h.Count()
		undone := "no"
		if h.Undone() {
			undone = "yes"
		}
		t.AddPlain(h.ID, h.Started.Local().Format(time.DateTime), strconv.Itoa(len(h.Branches)),
			strconv.Itoa(opened), strconv.Itoa(closed), undone, cmp.Or(h.Fault(), "-"))
	}
	return t.Write(harmless{r.Stdout})
}
