package routing

import (
	"cmp"
	"slices"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/common/model"

	"github.com/aiosai/aipass-exporter/internal/engine"
)

// A group is an aggregation group of Alertmanager's: alerts of one route with the
// same values of the labels that it groups by.
type group struct {
	route   *dispatch.Route
	names   routeNames
	labels  model.LabelSet
	flushed time.Time
	alerts  map[model.Fingerprint]*alert.Alert
}

// key is what Alertmanager calls the group.
func (g *group) key() string { return g.names.key + ":" + g.labels.String() }

// routeNames are how Alertmanager calls a route: by its matchers, and by its place
// too. They are not made anew for every alert.
type routeNames struct{ key, id string }

func namesOf(root *dispatch.Route) map[*dispatch.Route]routeNames {
	names := map[*dispatch.Route]routeNames{}
	root.Walk(func(r *dispatch.Route) { names[r] = routeNames{r.Key(), r.ID()} })
	return names
}

type groups map[string]*group

func (gs groups) get(route *dispatch.Route, names routeNames, labels model.LabelSet) *group {
	id := names.id + ":" + labels.String()
	if known, is := gs[id]; is {
		return known
	}
	gs[id] = &group{route: route, names: names, labels: labels, alerts: map[model.Fingerprint]*alert.Alert{}}
	return gs[id]
}

// sorted are the groups in the order of the configuration, then of their labels.
func (gs groups) sorted() []*group {
	var all []*group
	for _, g := range gs {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.route.Idx, b.route.Idx), cmp.Compare(a.labels.String(), b.labels.String()))
	})
	return all
}

// grouped are the groups of the last run, as far as there are routes for them
// still, with what became of their alerts, and the groups of new alerts. An alert
// that is not among those that fire is over, since it was resolved, its rule is
// gone, or its labels are others now.
func (r *Router) grouped(state State, alerts []engine.Alert, now time.Time) (groups, []*alert.Alert) {
	routes := map[string]*dispatch.Route{}
	for route, names := range r.names {
		routes[names.id] = route
	}
	ended := map[model.Fingerprint]time.Time{}
	var firing []*alert.Alert
	for _, a := range alerts {
		switch a.State {
		case engine.Firing:
			firing = append(firing, fromRule(a))
		case engine.Resolved:
			ended[labelSet(a.Labels).Fingerprint()] = a.ResolvedAt
		}
	}
	all := groups{}
	for _, kept := range state.Groups {
		if route, is := routes[kept.Route]; is {
			g := all.get(route, r.names[route], labelSet(kept.Labels))
			g.flushed = kept.Flushed
			for _, a := range kept.Alerts {
				g.keep(a, ended, now)
			}
		}
	}
	for _, a := range firing {
		for _, route := range r.root.Match(a.Labels) {
			all.get(route, r.names[route], groupLabels(a, route)).fire(a)
		}
	}
	return all, firing
}

// keep takes an alert of the last run to be over, for the time being.
func (g *group) keep(kept Alert, ended map[model.Fingerprint]time.Time, now time.Time) {
	a := fromState(kept)
	if a.EndsAt.IsZero() {
		a.EndsAt = now
		if at, is := ended[a.Fingerprint()]; is && !at.After(now) {
			a.EndsAt = at
		}
		a.Timeout = true // marks, here, what was firing until now
	}
	if now.Sub(a.EndsAt) < retention {
		g.alerts[a.Fingerprint()] = a
	}
}

// fire adds an alert that fires. One that fired before has begun when it began.
func (g *group) fire(a *alert.Alert) {
	added := *a
	if before, is := g.alerts[a.Fingerprint()]; is && before.Timeout && before.StartsAt.Before(a.StartsAt) {
		added.StartsAt = before.StartsAt
	}
	g.alerts[a.Fingerprint()] = &added
}

func groupLabels(a *alert.Alert, route *dispatch.Route) model.LabelSet {
	labels := model.LabelSet{}
	for name, value := range a.Labels {
		if _, by := route.RouteOpts.GroupBy[name]; by || route.RouteOpts.GroupByAll {
			labels[name] = value
		}
	}
	return labels
}

// list are the alerts in the order in which Alertmanager sends them.
func (g *group) list() alert.AlertSlice {
	var all alert.AlertSlice
	for _, a := range g.alerts {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *alert.Alert) int {
		pair := alert.AlertSlice{a, b}
		switch {
		case pair.Less(0, 1):
			return -1
		case pair.Less(1, 0):
			return 1
		}
		return 0
	})
	return all
}
