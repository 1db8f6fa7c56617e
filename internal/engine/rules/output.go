package rules

import (
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	promrules "github.com/prometheus/prometheus/rules"
)

// An output is where a rule's samples go. Rules may share one.
type output struct {
	rule string // which one it is, from one run to the next
	name string // of the metric or the alert
	last bool   // no later rule has the same
}

// outputs tells the rules apart by name and labels, as Prometheus does, so that
// an alert is still known when its rule has moved to another file.
func outputs(groups []*promrules.Group) []output {
	var all []output
	seen := map[string]int{}
	final := map[string]int{}
	for _, g := range groups {
		for _, r := range g.Rules() {
			id := r.Name() + r.Labels().String()
			if seen[id]++; seen[id] > 1 {
				id += "#" + strconv.Itoa(seen[id])
			}
			final[kind(r)+r.Name()] = len(all)
			all = append(all, output{rule: id, name: r.Name()})
		}
	}
	for _, i := range final {
		all[i].last = true
	}
	return all
}

const (
	alertKind  = "alert "
	recordKind = "record "
)

func kind(r promrules.Rule) string {
	if _, is := r.(*promrules.AlertingRule); is {
		return alertKind
	}
	return recordKind
}

// earlier finds the series that rules of this output have written so far: what
// the last of them did not write again is over.
func (o output) earlier(r promrules.Rule) []*labels.Matcher {
	switch {
	case !o.last:
		return nil
	case kind(r) == alertKind:
		return []*labels.Matcher{
			labels.MustNewMatcher(labels.MatchRegexp, labels.MetricName, "ALERTS|ALERTS_FOR_STATE"),
			labels.MustNewMatcher(labels.MatchEqual, labels.AlertName, o.name),
		}
	}
	return []*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, labels.MetricName, o.name)}
}
