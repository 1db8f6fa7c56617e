package main

import (
	"fmt"
	"strings"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// A wouldReport is what a dry run left undone, beside mail of alerts and stale mail.
type wouldReport struct {
	Summary *summaryReport `json:"summary,omitempty"` // none if there is nothing to summarise
	Events  []string       `json:"events,omitempty"`  // as they would be told
	Write   []string       `json:"write"`             // files, and the directory of the state
}

type summaryReport struct {
	Mailbox string `json:"mailbox"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// lines are those of it all, "" if it was no dry run.
func (w *wouldReport) lines() string {
	if w == nil {
		return ""
	}
	var text strings.Builder
	if s := w.Summary; s != nil {
		fmt.Fprintf(&text, "would mail to %s: %s\n%s", cli.Printable(s.Mailbox), s.Subject, indented(s.Text))
	}
	for _, e := range w.Events {
		fmt.Fprintf(&text, "would tell of %s\n", cli.Printable(e))
	}
	for _, path := range w.Write {
		fmt.Fprintf(&text, "would write %s\n", cli.Printable(path))
	}
	return text.String()
}

func indented(text string) string {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		lines.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	return lines.String()
}
