package prometheus

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// The rules are compared with what really comes out: the golden scrapes of both
// programs, and node_exporter's own. Matchers may also select what is on the
// demo host, for the golden one is small. These checks know names, labels, types and
// matchers; whether operands find each other the tests of the rules show, which
// are held to the same labels, and the mutants.

func golden(t *testing.T) scrape {
	t.Helper()
	const begin = "\n-- want.prom --\n"
	_, exporter, found := strings.Cut(read(t, "../../cmd/aipass-exporter/testdata/script/collect.txtar"), begin)
	if !found {
		t.Fatalf("no%sin the exporter's script", begin)
	}
	return parseScrape(t, exporter+read(t, "../../actions/testdata/actions.prom")+read(t, "testdata/node.prom"))
}

// added by Prometheus when it scrapes.
var added = []string{"instance", "job"}

func TestRulesAskForWhatThereIs(t *testing.T) {
	t.Parallel()
	s := golden(t)
	wider := scrape{samples: append(s.samples, demoHost(t, time.Now()).samples...)}
	recorded := map[string]bool{}
	for _, r := range rules(t) {
		if r.Record != "" {
			recorded[r.Record] = true
		}
	}
	for _, r := range rules(t) {
		for _, sel := range parse(t, r).Selectors {
			if recorded[sel.Metric] {
				continue
			}
			if s.labelNames(sel.Metric) == nil {
				t.Errorf("%s asks for %s, which there is not", r.Name(), sel.Metric)
				continue
			}
			checkMatchers(t, wider, r, sel)
		}
	}
}

// checkMatchers wants each to let something through, alone and all together.
func checkMatchers(t *testing.T, s scrape, r rulefile.Rule, sel rulefile.Selector) {
	t.Helper()
	selects := func(sel rulefile.Selector) bool {
		return slices.ContainsFunc(s.samples, func(x sample) bool { return x.metric == sel.Metric && sel.Accepts(x.labels) })
	}
	for _, m := range sel.Matchers {
		if !s.labelNames(sel.Metric)[m.Label] {
			t.Errorf("%s: %s has no label %s", r.Name(), sel.Metric, m.Label)
		}
		if !selects(rulefile.Selector{Metric: sel.Metric, Matchers: []rulefile.Matcher{m}}) {
			t.Errorf("%s: no %s has %s%s%q", r.Name(), sel.Metric, m.Label, m.Op, m.Value)
		}
		for alternative := range strings.SplitSeq(m.Value, "|") {
			if m.Op == "=~" && !strings.ContainsAny(alternative, `.*+?()\`) && !s.values(m.Label)[alternative] {
				t.Errorf("%s: no %s is %s", r.Name(), m.Label, alternative)
			}
		}
	}
	if !selects(sel) {
		t.Errorf("%s: no %s is selected by %v", r.Name(), sel.Metric, sel.Matchers)
	}
}

// Series are matched by labels that some of them have.
func TestRulesMatchByLabelsThatThereAre(t *testing.T) {
	t.Parallel()
	s := golden(t)
	for _, r := range rules(t) {
		e := parse(t, r)
		for _, label := range e.Labels {
			has := func(sel rulefile.Selector) bool { return s.labelNames(sel.Metric)[label] }
			if !slices.Contains(added, label) && !slices.ContainsFunc(e.Selectors, has) {
				t.Errorf("%s matches by %s, which is no label of %v", r.Name(), label, e.Selectors)
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
		for _, sel := range parse(t, r).Selectors {
			if kind := want[sel.Function]; kind != "" && s.types[sel.Metric] != kind {
				t.Errorf("%s: %s of %s, which is a %s", r.Name(), sel.Function, sel.Metric, s.types[sel.Metric])
			}
			if sel.Function == "" && s.types[sel.Metric] == "counter" {
				t.Errorf("%s: %s is a counter: only its growth means something", r.Name(), sel.Metric)
			}
		}
	}
}
