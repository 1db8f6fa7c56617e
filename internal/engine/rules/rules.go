// Package rules evaluates Prometheus' rule files with Prometheus' own engine, in
// runs from cron: what the alerts of the last run were is taken up by the next,
// as a Prometheus takes it up when it reads its rules again.
//
// An evaluation at a time sees the samples of that time, and between runs there is
// none: an alert whose "for" has passed by then fires at the next run. All groups
// are evaluated at every run, whatever their interval, as if in the order of the
// files: rules that have nothing to do with each other are at the same time.
//
// The package keeps no file; the caller keeps its State. It tells nobody.
package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	promrules "github.com/prometheus/prometheus/rules"
)

// Options are what rules can ask for beside the samples.
type Options struct {
	ExternalURL    string // where a Prometheus would be, for links to it and templates
	ExternalLabels map[string]string
	Logger         *slog.Logger // hears of templates that fail; nobody, if nil
}

// A Set is the rules of some files and the state of their alerts.
type Set struct {
	groups      []*promrules.Group
	rules       []*rule // of all groups, in order
	options     *promrules.ManagerOptions
	externalURL string
	at          time.Time // of the last evaluation
	anew        bool      // nothing is known of the alerts but what the history has
}

// A rule is one of a group.
type rule struct {
	promrules.Rule
	output
	group *promrules.Group
	after []int // which rules have to be evaluated before
}

// Load reads rule files and evaluates nothing. The error names the file, the
// line and the rule.
func Load(files fs.FS, names []string, o Options) (*Set, error) {
	external, err := url.Parse(o.ExternalURL)
	if err != nil {
		return nil, fmt.Errorf("external URL: %w", err)
	}
	if o.Logger == nil {
		o.Logger = promslog.NewNopLogger()
	}
	read := &loader{files: files, parser: parser.NewParser(parser.Options{}), logger: o.Logger}
	options := &promrules.ManagerOptions{ExternalURL: external, GroupLoader: read, Parser: read.parser, Logger: o.Logger}
	manager := promrules.NewManager(options)
	byKey, errs := manager.LoadGroups(time.Minute, labels.FromMap(o.ExternalLabels), o.ExternalURL, nil, false, names...)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	s := &Set{options: options, externalURL: o.ExternalURL, anew: true}
	for _, key := range read.order {
		s.groups = append(s.groups, byKey[key])
	}
	s.rules = inOrder(s.groups)
	for _, alerting := range s.alerting() {
		alerting.SetRestored(true) // Restore does it; without, the series of alerts are not recorded
	}
	return s, nil
}

// inOrder are the rules of all groups.
func inOrder(groups []*promrules.Group) []*rule {
	var all []*rule
	for _, g := range groups {
		for _, r := range g.Rules() {
			all = append(all, &rule{Rule: r, group: g})
		}
	}
	setOutputs(all)
	setAfter(all)
	return all
}

// alerting are the alerting rules of all groups, in order.
func (s *Set) alerting() []*promrules.AlertingRule {
	var all []*promrules.AlertingRule
	for _, r := range s.rules {
		if alerting, is := r.Rule.(*promrules.AlertingRule); is {
			all = append(all, alerting)
		}
	}
	return all
}

// A loader reads rule files from a file system, and remembers in which order the
// groups came.
type loader struct {
	files  fs.FS
	parser parser.Parser
	logger *slog.Logger
	order  []string
}

func (l *loader) Load(name string, ignoreUnknown bool, scheme model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	text, err := fs.ReadFile(l.files, name)
	if err != nil {
		return nil, []error{fmt.Errorf("rule file: %w", err)}
	}
	groups, errs := rulefmt.Parse(text, ignoreUnknown, scheme, l.parser, l.logger)
	for i := range errs {
		errs[i] = fmt.Errorf("rule file %s: %w", name, errs[i])
	}
	if len(errs) > 0 {
		return nil, errs
	}
	for _, g := range groups.Groups {
		l.order = append(l.order, promrules.GroupKey(name, g.Name))
	}
	return groups, nil
}

func (l *loader) Parse(query string) (parser.Expr, error) { return l.parser.ParseExpr(query) }

// Names are those of all rules, in order.
func (s *Set) Names() []string {
	var names []string
	for _, r := range s.rules {
		names = append(names, r.Name())
	}
	return names
}
