package prometheus

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// The rules are compared with what really comes out: the golden scrapes of both
// programs, and what node_exporter and Alertmanager say. What can be known of an
// expression without data is known here; what it results in, the tests of the
// rules show, which are held to the same labels.

func golden(t *testing.T) scrape {
	t.Helper()
	const begin = "\n-- want.prom --\n"
	_, exporter, found := strings.Cut(read(t, "../../cmd/aipass-exporter/testdata/script/collect.txtar"), begin)
	if !found {
		t.Fatalf("no%sin the exporter's script", begin)
	}
	return parseScrape(t, strings.Join([]string{
		exporter, read(t, "../../actions/testdata/actions.prom"), read(t, "testdata/node.prom"), read(t, "testdata/alertmanager.prom"),
	}, ""))
}

// wider is with what is on the demo host: the golden scrape is small.
func wider(t *testing.T) scrape {
	t.Helper()
	s := golden(t)
	s.samples = append(s.samples, demoHost(t, time.Now()).samples...)
	return s
}

// added by Prometheus when it scrapes.
var added = []string{"instance", "job"}

func TestRulesAskForWhatThereIs(t *testing.T) {
	t.Parallel()
	s, w := golden(t), wider(t)
	for _, r := range rules(t) {
		for _, sel := range rulefile.Selectors(parse(t, r)) {
			if recorded(t, sel.Name) != nil {
				continue
			}
			if s.labelNames(sel.Name) == nil {
				t.Errorf("%s asks for %s, which there is not", r.Name(), sel.Name)
				continue
			}
			checkMatchers(t, w, r, sel)
		}
	}
}

// checkMatchers wants each to let something through, alone and all together.
func checkMatchers(t *testing.T, s scrape, r rulefile.Rule, sel rulefile.Selector) {
	t.Helper()
	named := labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, sel.Name)
	for _, m := range sel.LabelMatchers {
		if m.Name == model.MetricNameLabel {
			continue
		}
		if !s.labelNames(sel.Name)[m.Name] {
			t.Errorf("%s: %s has no label %s", r.Name(), sel.Name, m.Name)
		}
		if len(s.selected(named, m).samples) == 0 {
			t.Errorf("%s: no %s has %s", r.Name(), sel.Name, m)
		}
		for alternative := range strings.SplitSeq(m.Value, "|") {
			if m.Type == labels.MatchRegexp && !strings.ContainsAny(alternative, `.*+?()\`) && !s.values(m.Name)[alternative] {
				t.Errorf("%s: no %s is %s", r.Name(), m.Name, alternative)
			}
		}
	}
	if len(s.selected(sel.LabelMatchers...).samples) == 0 {
		t.Errorf("%s: nothing is selected by %s", r.Name(), sel.VectorSelector)
	}
}

// recorded is the rule that records series of a name, nil if none does.
func recorded(t *testing.T, name string) *rulefile.Rule {
	t.Helper()
	for _, r := range rules(t) {
		if r.Record == name {
			return &r
		}
	}
	return nil
}

// known is what is known of series: of recorded ones by their rule, of others by
// what comes out.
func known(t *testing.T) rulefile.Metrics {
	t.Helper()
	s := wider(t)
	var metrics rulefile.Metrics
	metrics = func(v *parser.VectorSelector) rulefile.Labels {
		if r := recorded(t, v.Name); r != nil {
			l, _ := metrics.Result(parse(t, *r))
			return l
		}
		return s.selected(v.LabelMatchers...).labels(v.Name)
	}
	return metrics
}

func TestOperandsOfRulesFindEachOther(t *testing.T) {
	t.Parallel()
	metrics := known(t)
	for _, r := range rules(t) {
		_, faults := metrics.Result(parse(t, r))
		for _, fault := range faults {
			t.Errorf("%s: %s", r.Name(), fault)
		}
	}
}

// What an annotation quotes has to be in the result: always, or now and then
// where the annotation asks first.
func TestAnnotationsQuoteLabelsOfTheResult(t *testing.T) {
	t.Parallel()
	metrics := known(t)
	for _, a := range alerts(t) {
		l, _ := metrics.Result(parse(t, a))
		for _, text := range a.Annotations {
			for _, m := range quoted.FindAllStringSubmatch(text, -1) {
				if always, has := l.Has[m[2]]; !has || !always && m[1] == "" {
					t.Errorf("%s quotes %s, which its series have: %v, always: %v", a.Alert, m[2], has, always)
				}
			}
		}
	}
}

func TestRatesAreOfCountersAndTrendsOfGauges(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"rate": "counter", "irate": "counter", "increase": "counter",
		"delta": "gauge", "idelta": "gauge", "deriv": "gauge", "predict_linear": "gauge",
	}
	s := golden(t)
	for _, r := range rules(t) {
		for _, sel := range rulefile.Selectors(parse(t, r)) {
			if kind := want[sel.Function]; kind != "" && s.types[sel.Name] != kind {
				t.Errorf("%s: %s of %s, which is a %s", r.Name(), sel.Function, sel.Name, s.types[sel.Name])
			}
			if want[sel.Function] != "counter" && s.types[sel.Name] == "counter" {
				t.Errorf("%s: %s is a counter: only its growth means something", r.Name(), sel.Name)
			}
		}
	}
}
