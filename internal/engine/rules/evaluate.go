package rules

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql"
	promrules "github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/util/strutil"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// A RuleError is what is wrong with one rule; the others were evaluated. Its
// alerts stay what they were.
type RuleError struct {
	File, Group, Rule string
	Err               error
}

func (e *RuleError) Error() string {
	return fmt.Sprintf("rule file %s: group %s: rule %s: %v", e.File, e.Group, e.Rule, e.Err)
}

func (e *RuleError) Unwrap() error { return e.Err }

func (r *rule) failed(err error) error {
	return &RuleError{r.group.File(), r.group.Name(), r.Name(), err}
}

// Evaluate evaluates all rules at t, and writes to the history what they record.
// The error joins a *RuleError for each rule that failed; history.Damaged tells
// whether the history is to blame.
func (s *Set) Evaluate(ctx context.Context, db *history.DB, t time.Time) error {
	s.setBack(t)
	errs := make([]error, len(s.rules))
	s.each(func(i int, r *rule) {
		if err := s.evaluate(ctx, db, t, r); err != nil {
			errs[i] = r.failed(err)
		}
	})
	s.at, s.anew = t, false
	return errors.Join(errs...)
}

func (s *Set) evaluate(ctx context.Context, db *history.DB, t time.Time, r *rule) error {
	if err := s.takeUp(ctx, db, t, r); err != nil {
		return err
	}
	samples, err := s.eval(ctx, db, t, r)
	if err != nil {
		return err
	}
	return db.Record(ctx, t.Add(-r.group.QueryOffset()), samples, r.earlier()...)
}

func (s *Set) eval(ctx context.Context, db *history.DB, t time.Time, r *rule) (promql.Vector, error) {
	return r.Eval(ctx, r.group.QueryOffset(), t, db.Vector, s.options.ExternalURL, r.group.Limit())
}

// setBack moves the alerts back in time with a clock that was set back: what has
// lasted an hour has lasted an hour.
func (s *Set) setBack(t time.Time) {
	back := s.at.Sub(t)
	if back <= 0 {
		return
	}
	for _, rule := range s.alerting() {
		rule.ForEachActiveAlert(func(a *promrules.Alert) {
			for _, at := range []*time.Time{&a.ActiveAt, &a.FiredAt, &a.ResolvedAt, &a.KeepFiringSince} {
				if !at.IsZero() {
					*at = at.Add(-back)
				}
			}
		})
	}
}

// Alerts are those pending and firing, and those resolved within the last quarter
// of an hour, in the order of the rules, then of their labels.
func (s *Set) Alerts() []engine.Alert {
	var all []engine.Alert
	for _, r := range s.rules {
		alerting, is := r.Rule.(*promrules.AlertingRule)
		if !is {
			continue
		}
		url := s.externalURL + strutil.TableLinkForExpression(r.Query().String())
		byLabels := map[string]engine.Alert{}
		alerting.ForEachActiveAlert(func(a *promrules.Alert) {
			byLabels[a.Labels.String()] = alert(a, r.id, url)
		})
		for _, key := range slices.Sorted(maps.Keys(byLabels)) {
			all = append(all, byLabels[key])
		}
	}
	return all
}

func alert(a *promrules.Alert, rule, url string) engine.Alert {
	state := engine.Resolved
	switch a.State {
	case promrules.StatePending:
		state = engine.Pending
	case promrules.StateFiring:
		state = engine.Firing
	}
	return engine.Alert{
		Rule: rule, Labels: a.Labels.Map(), Annotations: a.Annotations.Map(),
		State: state, Value: engine.Value(a.Value),
		ActiveAt: a.ActiveAt.UTC(), FiredAt: a.FiredAt, ResolvedAt: a.ResolvedAt, KeepFiringSince: a.KeepFiringSince,
		GeneratorURL: url,
	}
}
