package alerting

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// An Evaluator evaluates rules by what was scraped, now and before.
type Evaluator struct {
	History   string        // its directory
	Untouched bool          // a copy of the history will do, and the history stays as it is
	Interval  time.Duration // between runs
	Rules     func() (*rules.Set, error)
	// Asked is what the history is asked beside the rules, now or later: it keeps what
	// these queries and the rules can find, and nothing else. nil keeps everything.
	Asked []string
	// Ask asks the history something else, while it is open.
	Ask    func(context.Context, *history.DB) error
	Logger *slog.Logger

	begun chan begun // by Begin
}

// A begun evaluation has a history, or knows why not.
type begun struct {
	db   *history.DB
	lost Evaluation
	err  error
}

// Begin opens the history in the background, while what is to be scraped is looked
// for: that takes as long as there were samples since noon. Whoever has begun ends it
// by Evaluate, or by End.
func (e *Evaluator) Begin(now time.Time) {
	e.begun = make(chan begun, 1)
	go func() {
		var b begun
		b.db, b.err = e.open(now, &b.lost)
		e.begun <- b
	}()
}

// End closes what Begin opened, if nothing was evaluated.
func (e *Evaluator) End() error {
	if e.begun == nil {
		return nil
	}
	b := <-e.begun
	e.begun = nil
	if b.db == nil {
		return b.err
	}
	return b.db.Close()
}

// An Evaluation is what came of it.
type Evaluation struct {
	Alerts []engine.Alert // pending, firing, and resolved of late
	State  rules.State    // for the next run
	// Faults cost a part of it: a textfile, a rule, the samples of the past.
	Faults []error
}

func (e *Evaluation) fault(errs ...error) {
	for _, err := range errs {
		if err != nil {
			e.Faults = append(e.Faults, err)
		}
	}
}

// Evaluate takes up the alerts of the last run, and evaluates at the time of the
// scrape. A history that is of no use is done without: rules know what was scraped,
// then, and nothing of the past. With an error nothing is known of the alerts.
func (e *Evaluator) Evaluate(ctx context.Context, was rules.State, s history.Scrape) (Evaluation, error) {
	if e.begun == nil {
		e.Begin(s.Time)
	}
	b := <-e.begun
	e.begun = nil
	db, lost, err := b.db, b.lost, b.err
	if err != nil {
		return lost, err
	}
	found, err := e.in(ctx, db, was, s)
	trouble := errors.Join(append(found.Faults, err)...)
	switch {
	case history.Damaged(trouble):
		lost.fault(db.SetAside(s.Time, trouble))
		db, err = e.open(s.Time, &lost)
	case errors.Is(err, errNotScraped):
		lost.fault(err, db.Close())
		db, err = e.openEmpty(s.Time)
	default:
		found.fault(append(lost.Faults, db.Close())...)
		return found, err
	}
	if err != nil {
		return lost, err
	}
	found, err = e.in(ctx, db, was, s)
	found.fault(append(lost.Faults, db.Close())...)
	return found, err
}

// open opens the history, or an empty one in its place.
func (e *Evaluator) open(now time.Time, lost *Evaluation) (*history.DB, error) {
	open := history.Open
	if e.Untouched {
		open = history.OpenCopy
	}
	db, err := open(e.History, now, e.options())
	lost.fault(err)
	if db != nil {
		return db, nil
	}
	return e.openEmpty(now)
}

// openEmpty opens a history that is forgotten when it is closed.
func (e *Evaluator) openEmpty(now time.Time) (*history.DB, error) {
	return history.OpenCopy("", now, e.options())
}

func (e *Evaluator) options() history.Options {
	return history.Options{Interval: e.Interval, Logger: e.Logger}
}

// errNotScraped: the history takes no samples.
var errNotScraped = errors.New("samples are not kept")

// in evaluates by what is in a history, with the scrape.
func (e *Evaluator) in(ctx context.Context, db *history.DB, was rules.State, s history.Scrape) (found Evaluation, err error) {
	set, broken := e.Rules()
	if s.Wanted, err = e.wanted(set); err != nil {
		return found, err
	}
	restored := make(chan error, 1)
	go func() { restored <- restore(set, was) }()
	faults, err := db.Scrape(ctx, s)
	found.fault(<-restored)
	if err != nil {
		return found, fmt.Errorf("%w: %w", errNotScraped, err)
	}
	found.fault(faults...)
	if broken != nil {
		return found, broken
	}
	found.fault(set.Evaluate(ctx, db, s.Time))
	found.Alerts, found.State = set.Alerts(), set.State()
	if e.Ask != nil {
		found.fault(e.Ask(ctx, db))
	}
	return found, ctx.Err()
}

func restore(set *rules.Set, was rules.State) error {
	if set == nil {
		return nil
	}
	return set.Restore(was)
}

// wanted is what is kept; all there is, if nobody knows what rules ask for.
func (e *Evaluator) wanted(set *rules.Set) (*history.Selection, error) {
	if set == nil || e.Asked == nil {
		return nil, nil
	}
	return set.Selection(e.Asked...)
}

// IsSetAside says whether a fault is no more than the loss of what was kept: that
// is named, and nothing is left to be done about it.
func IsSetAside(err error) bool {
	_, is := errors.AsType[*statefile.SetAsideError](err)
	return is
}
