package prometheus

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"github.com/aiosai/aipass-exporter/internal/servertest"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// A sample is a line of a scrape.
type sample struct {
	metric string
	labels map[string]string
	value  string
}

// A scrape is what Prometheus gets to see.
type scrape struct {
	samples []sample
	types   map[string]string // by family
}

var (
	sampleForm = regexp.MustCompile(`(?m)^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$`)
	labelForm  = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)
	typeForm   = regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`)
)

func parseScrape(t *testing.T, text string) scrape {
	t.Helper()
	s := scrape{types: map[string]string{}}
	for _, m := range sampleForm.FindAllStringSubmatch(text, -1) {
		s.samples = append(s.samples, sample{m[1], parseLabels(t, m[2]), m[3]})
	}
	for _, m := range typeForm.FindAllStringSubmatch(text, -1) {
		s.types[m[1]] = m[2]
	}
	return s
}

func parseLabels(t *testing.T, text string) map[string]string {
	t.Helper()
	labels := map[string]string{}
	for _, m := range labelForm.FindAllStringSubmatch(text, -1) {
		value, err := strconv.Unquote(`"` + m[2] + `"`)
		if err != nil {
			t.Fatalf("%s: %v", m[0], err)
		}
		labels[m[1]] = value
	}
	return labels
}

// labelNames are those that series of a metric have, and nil without series.
func (s scrape) labelNames(metric string) map[string]bool {
	var names map[string]bool
	for _, x := range s.samples {
		if x.metric == metric {
			if names == nil {
				names = map[string]bool{}
			}
			for name := range maps.Keys(x.labels) {
				names[name] = true
			}
		}
	}
	return names
}

// selected is the samples that matchers accept.
func (s scrape) selected(matchers ...*labels.Matcher) scrape {
	refused := func(x sample) bool {
		return slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
			if m.Name == model.MetricNameLabel {
				return !m.Matches(x.metric)
			}
			return !m.Matches(x.labels[m.Name])
		})
	}
	return scrape{slices.DeleteFunc(slices.Clone(s.samples), refused), s.types}
}

// labels are what is known of those of a metric once it is scraped. Empty ones
// are none.
func (s scrape) labels(metric string) rulefile.Labels {
	l := rulefile.Labels{Has: map[string]bool{}}
	names := s.labelNames(metric)
	for name := range names {
		lacks := func(x sample) bool { return x.metric == metric && x.labels[name] == "" }
		l.Has[name] = !slices.ContainsFunc(s.samples, lacks)
	}
	for _, name := range added {
		l.Has[name] = names != nil
	}
	return l
}

// values are all that a label has, whatever the metric.
func (s scrape) values(label string) map[string]bool {
	values := map[string]bool{}
	for _, x := range s.samples {
		if value, has := x.labels[label]; has {
			values[value] = true
		}
	}
	return values
}

// What the rules are compared with is what Debian's Alertmanager really says; of
// newer releases' label "reason" it knows nothing.
func TestAlertmanagerSaysWhatIsExpected(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	page, err := servertest.StartAlertmanager(t, config).Get("/metrics")
	if err != nil {
		t.Fatal(err)
	}
	said, expected := parseScrape(t, string(page)), parseScrape(t, read(t, "testdata/alertmanager.prom"))
	for _, x := range expected.samples {
		same := func(y sample) bool { return y.metric == x.metric && maps.Equal(y.labels, x.labels) }
		if _, newer := x.labels["reason"]; !newer && !slices.ContainsFunc(said.samples, same) {
			t.Errorf("Alertmanager has no %s%v", x.metric, x.labels)
		}
		if said.types[x.metric] != expected.types[x.metric] {
			t.Errorf("%s is a %s to Alertmanager", x.metric, said.types[x.metric])
		}
	}
}
