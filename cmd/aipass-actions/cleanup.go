package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// hourly is the time from one run to the next, if cron has it so.
const hourly = time.Hour

// sender is whom automatic mail is from, in both generations of AIPass.
const sender = "@trigger"

type cleanupFlags struct {
	shared   *sharedFlags
	branches []string
	rules    cleanup.Rules
	keep     time.Duration
	interval time.Duration
	dryRun   bool
	output   *string
}

func addCleanup(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("cleanup", "Open new mail that has gone stale and close opened mail that nobody closes.")
	f := &cleanupFlags{shared: shared, output: addOutput(cmd)}
	cmd.Flag("branch", "Only this branch. Repeatable.").PlaceHolder("NAME").StringsVar(&f.branches)
	f.add(cmd)
	cmd.Flag("interval", "Time to the next run, for alerts on runs that did not come; 0 if there is none.").Default(hourly.String()).DurationVar(&f.interval)
	cmd.Flag("dry-run", "Say what would be done, and write nothing at all.").BoolVar(&f.dryRun)
	r.Add(cmd, f.run)
}

// add adds what is said of a cleanup wherever one is run.
func (f *cleanupFlags) add(cmd *kingpin.CmdClause) {
	cmd.Flag("stale-new", "Age from which on new mail is opened.").Default("48h").DurationVar(&f.rules.StaleNew)
	cmd.Flag("close-opened", "Age from which on opened mail is closed, since it was sent.").Default("168h").DurationVar(&f.rules.CloseOpened)
	cmd.Flag("min-open", "Shortest time that mail opened by a cleanup stays open.").Default("24h").DurationVar(&f.rules.MinOpen)
	cmd.Flag("journal.keep", "How long what was done can be undone.").Default("2160h").DurationVar(&f.keep)
}

func (f *cleanupFlags) check() error {
	if f.rules.Check() != nil || f.keep <= 0 || f.interval < 0 {
		return cli.Usage(errors.New("--stale-new, --close-opened and --journal.keep must be above 0, --min-open and --interval not below, try --help"))
	}
	return nil
}

func (f *cleanupFlags) run(ctx context.Context) error {
	if f.dryRun {
		return f.dry(ctx)
	}
	return f.runIf(ctx, always)
}

// always is for who asked for a run, whether it is due or not.
func always(*actions.State) bool { return true }

// runIf is a run that is not dry, if the state says that it is wanted.
func (f *cleanupFlags) runIf(ctx context.Context, wanted func(*actions.State) bool) error {
	if err := f.check(); err != nil {
		return err
	}
	logger := f.shared.newLogger()
	err := f.shared.withState(logger, func(state *actions.State) (say, error) {
		if !wanted(state) {
			return nil, nil
		}
		started := f.shared.now()
		tell, err := f.cleanHost(ctx, started, state, logger)
		if f.isWhole() && !cli.IsUsage(err) {
			state.Ran(cleanupJob, started, f.shared.now().Sub(started), f.interval, err == nil)
		}
		return tell, err
	})
	if errors.Is(err, errBusy) { // and does the same
		logger.Warn("nothing done", "err", err)
		return nil
	}
	return err
}

func (f *cleanupFlags) dry(ctx context.Context) error {
	if err := f.check(); err != nil {
		return err
	}
	logger := f.shared.newLogger()
	h, err := f.shared.openHost(ctx)
	if err != nil {
		return err
	}
	state := f.shared.peekState()
	cleaned, err := f.clean(ctx, h, nil, &state, logger)
	if cleaned == nil {
		return err
	}
	return cmp.Or(writeCleanup(f.shared.room, *f.output, cleaned.report), err)
}

// isWhole says whether this is the action that is to run by itself, and not
// somebody's look at a few branches.
func (f *cleanupFlags) isWhole() bool { return len(f.branches) == 0 }

// cleanHost is a run that is not dry.
func (f *cleanupFlags) cleanHost(ctx context.Context, started time.Time, state *actions.State, logger *slog.Logger) (say, error) {
	h, journal, err := f.shared.openToChange(ctx, state)
	if err != nil {
		return nil, err
	}
	state.Home = h.tree.Root()
	cleaned, err := f.cleanWith(ctx, h, journal, started, state, logger)
	if cleaned == nil {
		return nil, err
	}
	h.countCentrally(ctx, cleaned.mail, logger)
	return func() error { return writeCleanup(f.shared.room, *f.output, cleaned.report) }, err
}

// cleanWith is clean with a journal, in which what is too old is forgotten.
func (f *cleanupFlags) cleanWith(ctx context.Context, h host, journal cleanup.Journal, started time.Time, state *actions.State, logger *slog.Logger) (*cleaned, error) {
	state.MailCleanup.Forget(started.Add(-f.keep))
	run := journal.Begin(started, h.tree.Root())
	cleaned, err := f.clean(ctx, h, run, state, logger)
	_, pruned := journal.Prune(started.Add(-f.keep))
	return cleaned, outcome(err, errors.Join(run.Close(), pruned), logger)
}

// A cleaned host is what a cleanup leaves behind.
type cleaned struct {
	report cleanupReport
	mail   map[string]mailbox.Count // in the mailboxes that were changed, by branch
}

// clean works on the mailboxes, in a dry run without a journal.
func (f *cleanupFlags) clean(ctx context.Context, h host, run *cleanup.Run, state *actions.State, logger *slog.Logger) (*cleaned, error) {
	branches, err := h.branches(f.branches)
	if err != nil {
		return nil, err
	}
	c := cleanup.Cleanup{Rules: f.rules, Now: h.look.Taken, Mailbox: h.mailbox, Journal: run, LeftAlone: leftAlone(*state), Sender: registered(h.look, sender)}
	results := c.Run(ctx, branches)
	if run != nil {
		f.count(state, h.look, results)
	}
	for _, r := range results {
		if r.Err != nil {
			err = cli.ErrSaid
			logger.Error("branch not cleaned up", "branch", r.Branch, "err", r.Err, "remedy", r.Remedy)
		}
	}
	return &cleaned{newCleanupReport(f, h, run, results), changedMail(results)}, err
}

// registered is the address if somebody has it, for nobody can reply to
// another.
func registered(s *aipass.Snapshot, address string) string {
	if slices.ContainsFunc(s.Branches, func(b aipass.Branch) bool { return b.Email == address }) {
		return address
	}
	return ""
}

func changedMail(results []cleanup.Result) map[string]mailbox.Count {
	changed := map[string]mailbox.Count{}
	for _, r := range results {
		if r.Mail != nil {
			changed[r.Branch] = *r.Mail
		}
	}
	return changed
}

// count adds the run to the totals.
func (f *cleanupFlags) count(state *actions.State, s *aipass.Snapshot, results []cleanup.Result) {
	m := &state.MailCleanup
	if f.isWhole() {
		m.LastRun = s.Taken
		m.Ages = actions.CleanupAges{
			StaleNew: f.rules.StaleNew.Seconds(), CloseOpened: f.rules.CloseOpened.Seconds(), MinOpen: f.rules.MinOpen.Seconds(),
		}
	}
	m.Register(names(s))
	for _, r := range results {
		t := actions.CleanupTotals{AutoOpened: len(r.Opened), AutoClosed: len(r.Closed)}
		if r.Err != nil && !errors.Is(r.Err, context.Canceled) { // which is the run's end, not the branch's fault
			t.Errors = 1
		}
		m.Add(r.Branch, t)
	}
}
