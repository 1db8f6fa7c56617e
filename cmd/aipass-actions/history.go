package main

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

type historyFlags struct {
	shared *sharedFlags
	branch string
	since  time.Duration
	output *string
}

func addHistory(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("history", "List what was told to whom, newest last.")
	f := &historyFlags{shared: shared, output: addOutput(cmd)}
	cmd.Flag("branch", "Only what was told to this branch, or about it.").PlaceHolder("NAME").StringVar(&f.branch)
	cmd.Flag("since", "Only what is no older.").Default("24h").DurationVar(&f.since)
	r.Add(cmd, f.run)
}

func (f *historyFlags) run(context.Context) error {
	if f.since <= 0 {
		return cli.Usage(errors.New("--since must be above 0, try --help"))
	}
	book, err := f.shared.ledger()
	if err != nil {
		return err
	}
	entries := []ledger.Entry{}
	faults := book.Read(f.shared.now().Add(-f.since), func(e ledger.Entry) {
		if f.branch == "" || strings.EqualFold(e.Branch, f.branch) || strings.EqualFold(e.About, f.branch) {
			entries = append(entries, e)
		}
	})
	if faults != nil {
		f.shared.newLogger().Warn("history is not whole", "err", faults)
	}
	if *f.output == "json" {
		return writeJSON(f.shared.room.Stdout, entries)
	}
	return writeHistory(f.shared.room, entries)
}

func writeHistory(r cli.Room, entries []ledger.Entry) error {
	t := newTable(r)
	t.AddPlain("TIME", "BRANCH", "WHAT", "ALERT", "SEVERITY", "ABOUT", "MESSAGE")
	for _, e := range entries {
		what := cli.Cell{Text: e.Outcome}
		if e.Error != "" {
			what.Colour = cli.Red
		}
		t.Add(cli.Cell{Text: e.Time.Local().Format(time.DateTime)}, cli.Cell{Text: cmp.Or(e.Branch, "-")}, what,
			cli.Cell{Text: title(e)}, cli.Cell{Text: cmp.Or(e.Severity, "-")}, cli.Cell{Text: cmp.Or(e.About, "-")}, cli.Cell{Text: cmp.Or(e.Message, "-")})
	}
	return t.Write(harmless{r.Stdout})
}

// title is what an entry is about: an alert, or mail by hand, which is quoted.
func title(e ledger.Entry) string {
	if e.Alert != "" || e.Subject == "" {
		return cmp.Or(e.Alert, "-")
	}
	return mailbox.Quote(e.Subject, subjectWidth)
}
