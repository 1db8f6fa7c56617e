package prometheus

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// An alert is tested when there is a case in which it fires, one in which it
// does not although there are series, and one without any.
func TestEveryAlertIsTestedOnBothSides(t *testing.T) {
	t.Parallel()
	type sides struct{ fires, silent, noData bool }
	seen := map[string]*sides{}
	for _, a := range alerts(t) {
		seen[a.Alert] = &sides{}
	}
	for _, g := range ruleTests(t) {
		for _, c := range g.AlertTests {
			s := seen[c.Alertname]
			switch {
			case s == nil:
				t.Errorf("%q tests %s, which is no alert", g.Name, c.Alertname)
			case len(g.InputSeries) == 0:
				s.noData = true
				s.fires = s.fires || c.Alertname == watchdog && len(c.ExpAlerts) > 0
			case len(c.ExpAlerts) > 0:
				s.fires = true
			default:
				s.silent = true
			}
		}
	}
	for name, s := range seen {
		if !s.fires || !s.silent && name != watchdog || !s.noData { // which is never silent
			t.Errorf("%s is tested firing: %v, silent: %v, without data: %v", name, s.fires, s.silent, s.noData)
		}
	}
}

// optional are labels that not every series of a metric has: the host's own have
// no branch, Alertmanager's of old no reason.
var optional = []string{"branch", "reason"}

// free are labels whose values are the tests' own.
var free = []string{"branch", "log", "device", "fstype", "mountpoint"}

// Tests of rules prove something only if their series are such as there are.
func TestSeriesInTestsAreLikeTheRealOnes(t *testing.T) {
	t.Parallel()
	s := golden(t)
	for _, g := range ruleTests(t) {
		for _, in := range g.InputSeries {
			metric, rest, _ := strings.Cut(in.Series, "{")
			names := s.labelNames(metric)
			if names == nil {
				t.Errorf("%q: there is no %s", g.Name, metric)
				continue
			}
			labels := parseLabels(t, rest)
			for name, value := range labels {
				switch {
				case slices.Contains(added, name):
				case !names[name]:
					t.Errorf("%q: %s has no label %s", g.Name, metric, name)
				case slices.Contains(free, name) || metric == "node_textfile_mtime_seconds":
				case !s.values(name)[value]:
					t.Errorf("%q: %s is never %q: %s", g.Name, name, value, in.Series)
				}
			}
			for name := range names {
				if _, has := labels[name]; !has && !slices.Contains(optional, name) {
					t.Errorf("%q: every %s has a label %s", g.Name, metric, name)
				}
			}
		}
	}
}

// quoted is a label in an annotation, and whether it is asked for first.
var quoted = regexp.MustCompile(`(if|with)?\s*\$labels\.(\w+)`)

// What an annotation quotes has to be there when the alert fires in its tests,
// too: the result may have less than is known of it.
func TestAnnotationsQuoteLabelsThatThereAre(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(t) {
		var fired []rulefile.ExpAlert
		for _, g := range ruleTests(t) {
			for _, c := range g.AlertTests {
				if c.Alertname == a.Alert {
					fired = append(fired, c.ExpAlerts...)
				}
			}
		}
		for _, text := range a.Annotations {
			for _, m := range quoted.FindAllStringSubmatch(text, -1) {
				lacks := func(f rulefile.ExpAlert) bool { return f.Labels[m[2]] == "" }
				has := func(f rulefile.ExpAlert) bool { return !lacks(f) }
				if m[1] == "" && slices.ContainsFunc(fired, lacks) {
					t.Errorf("%s quotes %s, which it does not always have", a.Alert, m[2])
				}
				if !slices.ContainsFunc(fired, has) {
					t.Errorf("%s quotes %s, which it never has", a.Alert, m[2])
				}
			}
		}
	}
}
