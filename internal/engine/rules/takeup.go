package rules

import (
	"context"
	"time"

	promrules "github.com/prometheus/prometheus/rules"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// takeUp finds in the history since when the alerts of a rule have been active, if
// there is no State that says so: what a Prometheus does when it starts, with its own
// code. It looks for alerts whose condition holds, so there has to be an evaluation
// before, of which nothing is recorded. "keep_firing_for" begins anew, as there.
func (s *Set) takeUp(ctx context.Context, db *history.DB, t time.Time, r *rule) error {
	alerting, is := r.Rule.(*promrules.AlertingRule)
	if !is || !s.anew || alerting.HoldDuration() == 0 {
		return nil
	}
	if _, err := s.eval(ctx, db, t, r); err != nil || alerting.ActiveAlertsCount() == 0 {
		return err
	}
	options := *s.options
	options.Context, options.Queryable, options.OutageTolerance = ctx, db.Queryable(), db.Reach()
	promrules.NewGroup(promrules.GroupOptions{
		Name: r.group.Name(), File: r.group.File(), Interval: r.group.Interval(), Rules: []promrules.Rule{alerting}, Opts: &options,
	}).RestoreForState(t)
	return nil
}
