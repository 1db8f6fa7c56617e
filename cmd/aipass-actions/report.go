package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/report"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

type reportFlags struct {
	shared *sharedFlags
	date   string
	output *string
	to     string
	force  bool
	ages   report.Ages
	wait   time.Duration
}

func addReport(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("report", "Report on the host: health, mail, memory, plans, logs, cleanups, and what has changed.")
	f := &reportFlags{shared: shared}
	cmd.Flag("date", "The report of this day; today's if it is not given. What is not of a time is as it is now.").PlaceHolder("YYYY-MM-DD").StringVar(&f.date)
	f.output = cmd.Flag("output", "Where to: - is the standard output, mail is a mailbox.").Default("-").Enum("-", "mail")
	cmd.Flag("force", "Mail it even if it has been mailed.").BoolVar(&f.force)
	f.add(cmd)
	r.Add(cmd, f.run)
}

// add adds what is said of a report wherever one is written.
func (f *reportFlags) add(cmd *kingpin.CmdClause) {
	cmd.Flag("to", "Whose mailbox gets the report: a role, or an address.").Default(recipients.DevCentral).StringVar(&f.to)
	cmd.Flag("mail.stale-new", "Age from which on new mail counts as stale.").Default("48h").DurationVar(&f.ages.New)
	cmd.Flag("mail.stale-opened", "Age from which on opened mail counts as stale.").Default("24h").DurationVar(&f.ages.Opened)
	cmd.Flag("wait", "Longest wait for another run to end.").Default("5m").DurationVar(&f.wait)
}

func (f *reportFlags) check() error {
	if f.ages.New <= 0 || f.ages.Opened <= 0 || f.wait < 0 {
		return cli.Usage(errors.New("--mail.stale-new and --mail.stale-opened must be above 0, --wait not below, try --help"))
	}
	if err := f.shared.roles.Check(f.to); err != nil {
		return cli.Usage(fmt.Errorf("--to: %w", err))
	}
	return nil
}

func (f *reportFlags) run(ctx context.Context) error {
	if *f.output == "mail" {
		return f.mailIf(ctx, always)
	}
	return f.print(ctx)
}

// print writes the report to the standard output, and nothing anywhere else.
func (f *reportFlags) print(ctx context.Context) error {
	if err := f.check(); err != nil {
		return err
	}
	h, err := f.shared.openWholeHost(ctx)
	if err != nil {
		return err
	}
	state := f.shared.peekState()
	r, err := f.write(ctx, h, &state, f.shared.newLogger())
	if err != nil {
		return err
	}
	_, err = io.WriteString(harmless{f.shared.room.Stdout}, r.Text)
	return err
}

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
		if f.isWhole() && !cli.IsUsage(err) {
			state.Ran(reportJob, started, f.shared.now().Sub(started), reportSlots().Interval(started), err == nil)
		}
		return tell, err
	})
}

// isWhole says whether this is the report that is to be sent by itself, and not
// somebody's of a day that was named.
func (f *reportFlags) isWhole() bool { return f.date == "" }

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
	if state.Reports.Sent[addressee.Name] == date && !f.force {
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
	from := cmp.Or(registered(h.look, sender), "@"+strings.TrimPrefix(to.Email, "@"))
	d, err := report.Send(ctx, mailbox.At(to.MailboxDir(), h.mailbox), r, report.Post{From: from, Sent: f.shared.now(), Again: f.force})
	if err != nil {
		return nil, fmt.Errorf("mail the report to %s: %w; %s", to.Name, err, mailbox.Remedy(err))
	}
	state.Reports.Send(to.Name, r.Date)
	if d.Sent {
		state.Reports.Add(r.Day)
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

// write is the report of a host.
func (f *reportFlags) write(ctx context.Context, h host, state *actions.State, logger *slog.Logger) (report.Report, error) {
	date, to, err := f.day(h)
	if err != nil {
		return report.Report{}, err
	}
	journal, err := f.shared.journal()
	if err != nil {
		return report.Report{}, err
	}
	from := to.Add(-report.Window)
	runs, err := journal.Since(from)
	if err != nil {
		logger.Warn("what cleanups did is not known in full", "err", err)
	}
	limited, cancel := context.WithTimeout(ctx, f.shared.host.Timeout)
	defer cancel()
	r, err := report.New(limited, report.Source{
		Home: h.tree.Root(), Date: date, To: to, Look: h.look, Traffic: h.tree.Traffic(limited, h.look, from, to),
		State: state, Runs: runs, Undo: func(run string) string { return f.shared.undoCommand(h, run) }, Ages: f.ages,
	})
	if err != nil {
		logger.Warn("the report has less than it could", "err", err)
	}
	return r, ctx.Err()
}

// day is the date of the report and the end of the time that it tells of.
func (f *reportFlags) day(h host) (date string, to time.Time, err error) {
	now := h.look.Taken.In(h.mailbox.Location)
	if f.date == "" {
		return now.Format(time.DateOnly), now, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, f.date, h.mailbox.Location)
	if err == nil && day.After(now) {
		err = errors.New("it is yet to come")
	}
	if err != nil {
		return "", to, cli.Usage(fmt.Errorf("--date=%s: %w", f.date, err))
	}
	if to = day.AddDate(0, 0, 1); to.After(now) {
		to = now
	}
	return day.Format(time.DateOnly), to, nil
}
