package rules

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	promrules "github.com/prometheus/prometheus/rules"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// Selection is what the rules and the other queries can find. It is nil, which is
// all series, if a template of an alert may ask for anything, with its function
// query.
func (s *Set) Selection(others ...string) (*history.Selection, error) {
	if slices.ContainsFunc(s.rules, asksAnything) {
		return nil, nil
	}
	wanted, err := history.Select(others...)
	if err != nil {
		return nil, err
	}
	for _, r := range s.rules {
		wanted.Add(r.Query())
	}
	return wanted, nil
}

func asksAnything(r *rule) bool {
	alerting, is := r.Rule.(*promrules.AlertingRule)
	return is && (asks(alerting.Labels()) || asks(alerting.Annotations()))
}

func asks(templates labels.Labels) bool {
	found := false
	templates.Range(func(l labels.Label) {
		found = found || strings.Contains(l.Value, "{{") && strings.Contains(l.Value, "query")
	})
	return found
}
