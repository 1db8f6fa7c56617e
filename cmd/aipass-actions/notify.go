package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// How much mail by hand may say. It is refused rather than cut, for somebody is
// there to make it shorter.
const (
	maxSubject = 200      // code points
	maxText    = 64 << 10 // bytes
)

type notifyFlags struct {
	shared      *sharedFlags
	ledger      *ledgerFlags
	to, subject string
	text        string
	priority    string
}

func addNotify(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("notify", "Send one mail by hand.")
	f := &notifyFlags{shared: shared, ledger: addLedgerFlags(cmd)}
	cmd.Flag("to", "A role, or an address.").Required().PlaceHolder("ROLE|@NAME").StringVar(&f.to)
	cmd.Flag("subject", "What it is about, in a line.").Required().PlaceHolder("TEXT").StringVar(&f.subject)
	cmd.Flag("body", "What it says; - is the standard input. Without it the subject says it all.").PlaceHolder("TEXT").StringVar(&f.text)
	cmd.Flag("priority", "low, normal, high or critical.").Default("normal").EnumVar(&f.priority, "low", "normal", "high", "critical")
	r.Add(cmd, f.run)
}

func (f *notifyFlags) run(ctx context.Context) error {
	if err := f.check(); err != nil {
		return cli.Usage(err)
	}
	text, err := f.body()
	if err != nil {
		return err
	}
	book, err := f.ledger.open(f.shared)
	if err != nil {
		return err
	}
	h, err := f.shared.openHost(ctx)
	if err != nil {
		return err
	}
	state := f.shared.peekState()
	if err := h.mayUse(&state); err != nil {
		return err
	}
	to, err := f.shared.roles.Find(h.look, f.to)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	letter := &mailbox.Letter{
		From: recipients.From(h.look, to), FromName: "Trigger", Subject: f.subject, Message: text, Priority: f.priority,
		Sent: f.shared.now(), Marker: []byte(`{"kind": "notify"}`),
	}
	return f.send(ctx, h, to, letter, book)
}

func (f *notifyFlags) check() error {
	switch {
	case mailbox.Line(f.subject) == "":
		return errors.New("--subject is empty")
	case utf8.RuneCountInString(f.subject) > maxSubject:
		return fmt.Errorf("--subject is longer than %d characters: say more in --body", maxSubject)
	case f.ledger.check() != nil:
		return f.ledger.check()
	}
	if err := f.shared.roles.Check(f.to); err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	return nil
}

// body is what the mail says.
func (f *notifyFlags) body() (string, error) {
	text := f.text
	if text == "-" {
		data, err := io.ReadAll(io.LimitReader(f.shared.room.Sys.Stdin, maxText+1))
		if err != nil {
			return "", fmt.Errorf("--body: %w", err)
		}
		text = string(data)
	}
	if len(text) > maxText {
		return "", cli.Usage(fmt.Errorf("--body is larger than %d KiB: agents read all of it", maxText>>10))
	}
	if mailbox.Line(text) == "" {
		text = f.subject
	}
	return text, nil
}

// send delivers the letter. What follows may fail, and is not the mail's fault.
func (f *notifyFlags) send(ctx context.Context, h host, to *aipass.Branch, letter *mailbox.Letter, book *ledger.Ledger) error {
	logger, tally := f.shared.newLogger(), new(actions.Tally)
	h.mailbox.Observer, h.mailbox.Layout = tally, to.Layout
	err := mailbox.At(to.MailboxDir(), h.mailbox).Deliver(ctx, letter)
	entry := ledger.Entry{Time: letter.Sent.UTC(), Branch: to.Name, Outcome: string(alerts.Delivered), To: f.to, Subject: mailbox.Line(f.subject)}
	if err != nil {
		entry.Outcome, entry.Error = string(alerts.Failed), err.Error()
	} else {
		entry.Message = letter.ID()
	}
	if fault := book.Append(entry); fault != nil {
		logger.Error("history not kept", "err", fault)
	}
	f.shared.countMail(ctx, h, tally, logger)
	if err != nil {
		return fmt.Errorf("mail to %s: %w; %s", to.Name, err, mailbox.Remedy(err))
	}
	_, err = fmt.Fprintf(harmless{f.shared.room.Stdout}, "mail %s to %s\n", letter.ID(), cli.Printable(to.Name))
	return err
}
