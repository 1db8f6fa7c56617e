package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/report"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

type reportFlags struct {
	*jobFlags
	shared *sharedFlags
	date   string
	output *string
	to     string
	force  bool
	asJob  bool
}

func addReport(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("report", "Report on the host: health, mail, memory, plans, logs, cleanups, and what has changed.")
	f := &reportFlags{jobFlags: addJobFlags(cmd), shared: shared}
	cmd.Flag("date", "The report of this day; today's if it is not given. What is not of a time is as it is now.").PlaceHolder("YYYY-MM-DD").StringVar(&f.date)
	f.output = cmd.Flag("output", "Where to: - is the standard output, mail is a mailbox.").Default("-").Enum("-", "mail")
	cmd.Flag("force", "Mail it even if it has been mailed.").BoolVar(&f.force)
	cmd.Flag("as-job", "Count it as the daily job, whoever gets it; without this, only a report to dev_central is.").BoolVar(&f.asJob)
	f.add(cmd)
	r.Add(cmd, f.run)
}

// add adds what is said of a report wherever one is written.
func (f *reportFlags) add(cmd *kingpin.CmdClause) {
	cmd.Flag("to", "Whose mailbox gets the report: a role, or an address.").Default(recipients.DevCentral).StringVar(&f.to)
}

func (f *reportFlags) check() error {
	if err := f.jobFlags.check(); err != nil {
		return err
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
	if err := h.mayUse(&state); err != nil {
		return err
	}
	r, err := f.write(ctx, h, &state, f.shared.newLogger())
	if err != nil {
		return err
	}
	_, err = io.WriteString(harmless{f.shared.room.Stdout}, r.Text)
	return err
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
	source := report.Source{
		Home: h.tree.Root(), Date: date, To: to, Look: h.look, Traffic: h.tree.Traffic(limited, h.look, from, to),
		State: state, Runs: runs, Undo: func(run string) string { return f.shared.undoCommand(h, run) },
		Ages: report.Ages{New: f.StaleNew, Opened: f.StaleOpened},
	}
	var r report.Report
	f.withHistory(state, h.look.Taken, logger, func(past report.History) {
		source.History = past
		r, err = report.New(limited, source)
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
		return h.today(), now, nil
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
