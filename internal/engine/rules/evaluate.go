package rules

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

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

// Evaluate evaluates all rules at t, and writes to the history what they record.
// The error joins a *RuleError for each rule that failed; history.Damaged tells
// whether the history is to blame.
func (s *Set) Evaluate(ctx context.Context, db *history.DB, t time.Time) error {
	s.setBack(t)
	var errs []error
	i := 0
	for _, g := range s.groups {
		for _, r := range g.Rules() {
			if err := s.evaluate(ctx, db, t, g, r, s.outputs[i]); err != nil {
				errs = append(errs, &RuleError{g.File(), g.Name(), r.Name(), err})
			}
			i++
		}
	}
	s.at = t
	return errors.Join(errs...)
}

func (s *Set) evaluate(ctx context.Context, db *history.DB, t time.Time, g *promrules.Group, r promrules.Rule, o output) error {
	samples, err := r.Eval(ctx, g.QueryOffset(), t, db.Vector, s.options.ExternalURL, g.Limit())
	if err != nil {
		return err
	}
	return db.Record(ctx, t.Add(-g.QueryOffset()), samples, o.earlier(r)...)
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
	i := -1
	for _, g := range s.groups {
		for _, r := range g.Rules() {
			i++
			rule, is := r.(*promrules.AlertingRule)
			if !is {
				continue
			}
			url := s.externalURL + strutil.TableLinkForExpression(rule.Query().String())
			byLabels := map[string]engine.Alert{}
			rule.ForEachActiveAlert(func(a *promrules.Alert) {
				byLabels[a.Labels.String()] = alert(a, s.outputs[i].rule, url)
			})
			for _, key := range slices.Sorted(maps.Keys(byLabels)) {
				all = append(all, byLabels[key])
			}
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
