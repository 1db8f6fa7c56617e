package main

import (
	"errors"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// deskFlags are those of commands that make mail of alerts.
type deskFlags struct {
	ledger   *ledgerFlags
	remind   time.Duration
	maxMails int
}

func addDeskFlags(g cli.FlagGroup) *deskFlags {
	f := &deskFlags{ledger: addLedgerFlags(g)}
	g.Flag("remind", "How long an alert that a branch has closed, and that still fires, is not mentioned again.").Default("24h").DurationVar(&f.remind)
	g.Flag("max-mails-per-hour", "Mails of alerts to a mailbox; what exceeds that is folded into one more.").Default("12").IntVar(&f.maxMails)
	return f
}

func (f *deskFlags) check() error {
	if f.remind <= 0 || f.maxMails <= 0 {
		return errors.New("--remind and --max-mails-per-hour must be above 0, try --help")
	}
	return f.ledger.check()
}

// desk counts and enters in the ledger what it does; fault is told what keeps it from
// the latter. The host has no look for a desk that is open for long.
func (f *deskFlags) desk(shared *sharedFlags, h host, tally *actions.Tally, fault func(error)) (ledger.Desk, error) {
	book, err := f.ledger.open(shared)
	if err != nil {
		return nil, err
	}
	desk := &alerts.Desk{Tree: h.tree, Look: h.look, Mailbox: h.mailbox, Roles: shared.roles, Remind: f.remind, MaxMails: f.maxMails, Now: shared.now}
	return &ledger.Keeper{Desk: desk, Ledger: book, Tally: tally, Now: shared.now, Fault: fault}, nil
}
