package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/report"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// mailIf mails the report, if the state says that it is wanted.
func (f *reportFlags) mailIf(ctx context.Context, wanted func(*actions.State) bool) error {
	if err := f.check(); err != nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	logger := f.shared.newLogger()
	return f.shared.withStateIn(patient, logger, func(state *actions.State) (say, error) {
		if !wanted(state) {
			return nil, nil
		}
		started := f.shared.now()
		tell, err := f.mail(ctx, state, logger)
		if f.isJob() && !cli.IsUsage(err) {
			state.Ran(reportJob, started, f.shared.now().Sub(started), dailyReport().Interval(started), err == nil)
		}
		return tell, err
	})
}

// isJob says whether this is the report that is to be sent by itself, and not
// somebody's own, for whom or of a day that was named.
func (f *reportFlags) isJob() bool { return f.date == "" && (f.asJob || f.to == recipients.DevCentral) }

// mail writes the report and delivers it.
func (f *reportFlags) mail(ctx context.Context, state *actions.State, logger *slog.Logger) (say, error) {
	h, err := f.shared.openWholeHost(ctx)
	if err != nil {
		return nil, err
	}
	if err := h.mayUse(state); err != nil {
		return nil, err
	}
	state.Home = h.tree.Root()
	h.mailbox.Observer = actions.Observe(&state.Mailbox)
	addressee, err := f.shared.roles.Find(h.look, f.to)
	if err != nil {
		return nil, fmt.Errorf("%w: name another with --to or --recipient.dev-central", err)
	}
	date, _, err := f.day(h)
	if err != nil {
		return nil, err
	}
	if state.Reports.IsSent(addressee.Name, date) && !f.force {
		return f.saySent(false, date, addressee), nil
	}
	r, err := f.write(ctx, h, state, logger)
	if err != nil {
		return nil, err
	}
	return f.deliver(ctx, h, addressee, r, state, logger)
}

func (f *reportFlags) deliver(ctx context.Context, h host, to *aipass.Branch, r report.Report, state *actions.State, logger *slog.Logger) (say, error) {
	h.mailbox.Layout = to.Layout
	from := recipients.From(h.look, to)
	d, err := report.Send(ctx, mailbox.At(to.MailboxDir(), h.mailbox), r, report.Post{From: from, Sent: f.shared.now(), Again: f.force})
	if err != nil {
		return nil, fmt.Errorf("mail the report to %s: %w; %s", to.Name, err, mailbox.Remedy(err))
	}
	state.Reports.Send(to.Name, r.Date)
	if d.Sent {
		if r.Date == h.today() { // of another day the figures are not known any more
			state.Reports.Add(r.Day)
		}
		h.countCentrally(ctx, map[string]mailbox.Count{to.Name: d.Mail}, logger)
	}
	return f.saySent(d.Sent, r.Date, to), nil
}

func (f *reportFlags) saySent(sent bool, date string, to *aipass.Branch) say {
	text := "report of %s mailed to %s\n"
	if !sent {
		text = "report of %s not mailed: %s has it already; --force mails it again\n"
	}
	return func() error {
		_, err := fmt.Fprintf(harmless{f.shared.room.Stdout}, text, date, cli.Printable(to.Name))
		return err
	}
}
