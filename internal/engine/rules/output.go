package rules

import (
	"strconv"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	promrules "github.com/prometheus/prometheus/rules"
)

// An output is where a rule's samples go. Rules may share one.
type output struct {
	id   string // which rule it is, from one run to the next
	last bool   // no later rule has the same
}

// setOutputs tells the rules apart by name and labels, as Prometheus does, so that
// an alert is still known when its rule has moved to another file.
func setOutputs(rules []*rule) {
	seen := map[string]int{}
	final := map[string]*rule{}
	for _, r := range rules {
		r.id = r.Name() + r.Labels().String()
		if seen[r.id]++; seen[r.id] > 1 {
			r.id += "#" + strconv.Itoa(seen[r.id])
		}
		final[kind(r)+r.Name()] = r
	}
	for _, r := range final {
		r.last = true
	}
}

const (
	alertKind  = "alert "
	recordKind = "record "

	// Prometheus records alerts by these names.
	alertsMetric   = "ALERTS"
	alertsForState = "ALERTS_FOR_STATE"
)

func kind(r *rule) string {
	if _, is := r.Rule.(*promrules.AlertingRule); is {
		return alertKind
	}
	return recordKind
}

// earlier finds the series that rules of this output have written so far: what
// the last of them did not write again is over.
func (r *rule) earlier() []*labels.Matcher {
	switch {
	case !r.last:
		return nil
	case kind(r) == alertKind:
		return []*labels.Matcher{
			labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, alertsMetric+"|"+alertsForState),
			labels.MustNewMatcher(labels.MatchEqual, labels.AlertName, r.Name()),
		}
	}
	return []*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, r.Name())}
}
