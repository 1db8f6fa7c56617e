package rules

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	promrules "github.com/prometheus/prometheus/rules"

	"github.com/aiosai/aipass-exporter/internal/engine"
)

// State is what the next run needs to know of the alerts. It is kept as JSON.
type State struct {
	At     time.Time      `json:"at"`     // of the evaluation
	Alerts []engine.Alert `json:"alerts"` // pending and firing
}

// State after an evaluation.
func (s *Set) State() State {
	state := State{At: s.at}
	for _, a := range s.Alerts() {
		if a.State != engine.Resolved {
			state.Alerts = append(state.Alerts, a)
		}
	}
	return state
}

// Restore takes up the alerts of an earlier run, before the first evaluation. Those
// whose rule is no more are forgotten. The error names those that cannot be
// taken up; they begin anew. Without a State, which has a time, the first evaluation
// asks the history.
//
// Prometheus lets nobody put alerts into a rule but its own evaluation, and a rule
// of the same name and labels when it reads its files again. So there is a twin of
// each group, in which the conditions of the alerts hold, and the group takes its
// state over from the twin.
func (s *Set) Restore(state State) error {
	s.at, s.anew = state.At, state.At.IsZero()
	byRule := map[string][]engine.Alert{}
	for _, a := range state.Alerts {
		byRule[a.Rule] = append(byRule[a.Rule], a)
	}
	var errs []error
	twins := map[*promrules.Group][]promrules.Rule{}
	for _, r := range s.rules {
		twin, err := s.twin(r, byRule[r.id], state.At)
		if err != nil {
			errs = append(errs, r.failed(err))
		}
		twins[r.group] = append(twins[r.group], twin)
	}
	for _, g := range s.groups {
		g.CopyState(promrules.NewGroup(promrules.GroupOptions{
			Name: g.Name(), File: g.File(), Interval: g.Interval(), Rules: twins[g], Opts: s.options,
		}))
	}
	return errors.Join(errs...)
}

// twin is a rule with the same name and labels and these alerts.
func (s *Set) twin(r *rule, alerts []engine.Alert, at time.Time) (promrules.Rule, error) {
	alerting, is := r.Rule.(*promrules.AlertingRule)
	if !is || len(alerts) == 0 {
		return r.Rule, nil
	}
	twin := promrules.NewAlertingRule(r.Name(), r.Query(), alerting.HoldDuration(), alerting.KeepFiringFor(),
		r.Labels(), labels.EmptyLabels(), labels.EmptyLabels(), s.externalURL, true, s.options.Logger)
	holds := func(context.Context, string, time.Time) (promql.Vector, error) { return conditions(alerts), nil }
	if _, err := twin.Eval(context.Background(), 0, at, holds, s.options.ExternalURL, 0); err != nil {
		return r.Rule, fmt.Errorf("its alerts begin anew: %w", err)
	}
	kept := map[string]engine.Alert{}
	for _, a := range alerts {
		kept[labels.FromMap(a.Labels).String()] = a
	}
	var unknown error
	twin.ForEachActiveAlert(func(a *promrules.Alert) {
		was, known := kept[a.Labels.String()]
		if !known {
			unknown = fmt.Errorf("the alert %s begins anew: templates made other labels of it before", a.Labels)
			return
		}
		restore(a, was)
	})
	return twin, unknown
}

// conditions are samples from which a rule makes these alerts.
func conditions(alerts []engine.Alert) promql.Vector {
	samples := make(promql.Vector, len(alerts))
	for i, a := range alerts {
		b := labels.NewBuilder(labels.FromMap(a.Labels))
		samples[i] = promql.Sample{Metric: b.Del(labels.AlertName).Labels(), F: float64(a.Value)}
	}
	return samples
}

func restore(a *promrules.Alert, was engine.Alert) {
	a.State = promrules.StatePending
	if was.State == engine.Firing {
		a.State = promrules.StateFiring
	}
	a.Annotations = labels.FromMap(was.Annotations)
	a.ActiveAt, a.FiredAt, a.KeepFiringSince = was.ActiveAt, was.FiredAt, was.KeepFiringSince
}
