package routing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/inhibit"

	"github.com/aiosai/aipass-exporter/internal/engine"
)

// A Pass is what one run has to tell.
type Pass struct {
	// Notifications to deliver, in the order of the configuration.
	Notifications []*Notification

	now     time.Time
	log     log
	groups  []*group
	flushed map[*group]bool
}

// early is how much before its time a run may come.
const early = 30 * time.Second

// Route finds what is to be told of the alerts of a run, after what the last run
// left. The error names what could not be made a notification; the others are
// there.
func (r *Router) Route(state State, alerts []engine.Alert, now time.Time) (*Pass, error) {
	state = state.setBack(now)
	all, firing := r.grouped(state, alerts, now)
	p := &Pass{now: now, log: newLog(state.Told, now), groups: all.sorted(), flushed: map[*group]bool{}}
	inhibitor := r.inhibitor(firing)
	var errs []error
	for _, g := range p.groups {
		if now.Add(early).Before(g.flushed.Add(g.route.RouteOpts.GroupInterval)) {
			continue
		}
		if err := r.flush(p, g, inhibitor); err != nil {
			errs = append(errs, fmt.Errorf("receiver %s: %w", g.route.RouteOpts.Receiver, err))
			continue
		}
		p.flushed[g] = true
	}
	return p, errors.Join(errs...)
}

// flush takes a group through the stages of Alertmanager's pipeline, in its order.
func (r *Router) flush(p *Pass, g *group, inhibitor *inhibit.Inhibitor) error {
	alerts := slices.DeleteFunc(g.list(), func(a *alert.Alert) bool {
		return inhibitor.Mutes(context.Background(), a.Labels)
	})
	muted, err := r.muted(g, p.now)
	if err != nil || muted || len(alerts) == 0 {
		return err
	}
	var errs []error
	for i, hook := range r.receivers[g.route.RouteOpts.Receiver].WebhookConfigs {
		n, err := r.notification(p, g, hook, i, alerts)
		if err != nil {
			errs = append(errs, fmt.Errorf("webhook_configs[%d]: %w", i, err))
		}
		if n != nil {
			p.Notifications = append(p.Notifications, n)
		}
	}
	return errors.Join(errs...)
}

// muted says that it is no time to tell of the group.
func (r *Router) muted(g *group, now time.Time) (bool, error) {
	if names := g.route.RouteOpts.ActiveTimeIntervals; len(names) > 0 {
		active, _, err := r.times.Mutes(names, now)
		if err != nil || !active {
			return true, err
		}
	}
	if names := g.route.RouteOpts.MuteTimeIntervals; len(names) > 0 {
		muted, _, err := r.times.Mutes(names, now)
		return muted, err
	}
	return false, nil
}

// Confirm says that a notification was delivered. What is not confirmed is tried
// again at the next run.
func (p *Pass) Confirm(n *Notification) {
	n.delivered = true
	p.log[n.told.id()] = n.told
}

// State is what the next run needs to know, once everything that could be
// delivered is confirmed.
func (p *Pass) State() State {
	for _, n := range p.Notifications {
		if !n.delivered {
			p.flushed[n.group] = false
		}
	}
	state := State{At: p.now, Groups: []Group{}, Told: p.log.all()}
	for _, g := range p.groups {
		if kept := p.keep(g); len(kept.Alerts) > 0 {
			state.Groups = append(state.Groups, kept)
		}
	}
	return state
}

// keep forgets alerts that are over once that was told, or needed not to be.
func (p *Pass) keep(g *group) Group {
	kept := Group{Route: g.names.id, Labels: plain(g.labels), Flushed: g.flushed}
	if p.flushed[g] {
		kept.Flushed = p.now
	}
	for _, a := range g.list() {
		if a.EndsAt.IsZero() || !p.flushed[g] {
			kept.Alerts = append(kept.Alerts, toState(a))
		}
	}
	return kept
}
