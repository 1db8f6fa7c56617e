package grafana

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

var typeForm = regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`)

// golden are the types of what really comes out: of the golden scrapes of the
// programs and of what node_exporter says of textfiles, and of the receiver, which
// has no golden scrape. Buckets of histograms are counters, but for one that is a
// picture of the moment.
func golden(t *testing.T) map[string]string {
	t.Helper()
	types := map[string]string{"ALERTS": "gauge"} // Prometheus' own
	for _, file := range []string{
		"../cmd/aipass-exporter/testdata/script/collect.txtar", "../actions/testdata/actions.prom", "../deploy/prometheus/testdata/node.prom",
	} {
		for _, m := range typeForm.FindAllStringSubmatch(string(read(t, file)), -1) {
			types[m[1]] = m[2]
		}
	}
	reg := prometheus.NewRegistry()
	webhook.NewMetrics(reg)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		types[f.GetName()] = strings.ToLower(f.GetType().String())
	}
	types["aipass_webhook_last_success_timestamp_seconds"] = "gauge" // not before the first
	for name, kind := range types {
		if kind == "histogram" {
			types[name+"_bucket"] = "counter"
		}
	}
	types["aipass_mail_message_age_seconds_bucket"] = "gauge"
	return types
}

func selectors(t *testing.T, p *dashboard.Panel) (all []rulefile.Selector) {
	t.Helper()
	for _, target := range p.Targets {
		e, err := rulefile.Parse(placeholders.Replace(target.Expr))
		if err != nil {
			t.Fatalf("%s: %v", target.Expr, err)
		}
		all = append(all, rulefile.Selectors(e)...)
	}
	return all
}

func TestEveryMetricIsInTheGoldenScrapes(t *testing.T) {
	t.Parallel()
	types := golden(t)
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			for _, s := range selectors(t, &d.Panels[i]) {
				if types[s.Name] == "" {
					t.Errorf("%s: panel %q asks for %s, which there is not", d.File, d.Panels[i].Title, s.Name)
				}
			}
		}
		for _, a := range d.Annotations.List {
			for _, s := range selectors(t, &dashboard.Panel{Targets: []dashboard.Target{{Expr: a.Expr}}}) {
				if types[s.Name] == "" {
					t.Errorf("%s: annotation %q asks for %s, which there is not", d.File, a.Name, s.Name)
				}
			}
		}
	}
}

func TestRatesAreOfCountersAndOfNothingElse(t *testing.T) {
	t.Parallel()
	types := golden(t)
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			for _, s := range selectors(t, &d.Panels[i]) {
				if rated := s.Function == "rate" || s.Function == "increase"; rated != (types[s.Name] == "counter") {
					t.Errorf("%s: panel %q: %s is a %s, in %q", d.File, d.Panels[i].Title, s.Name, types[s.Name], s.Function)
				}
			}
		}
	}
}

// Every metric of ours is to be seen somewhere, but for what helps nobody who
// looks.
func TestDashboardsShowAllMetrics(t *testing.T) {
	t.Parallel()
	unseen := []string{
		"aipass_branch_info", "aipass_plans", "aipass_agent_started_timestamp_seconds", "aipass_log_files",
		"aipass_webhook_requests_in_flight", "aipass_mail_cleanup_min_open_seconds", "aipass_events_total",
	}
	shown := map[string]bool{}
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			for _, s := range selectors(t, &d.Panels[i]) {
				shown[strings.TrimSuffix(s.Name, "_bucket")] = true
			}
		}
	}
	for name := range golden(t) {
		name = strings.TrimSuffix(name, "_bucket")
		if strings.HasPrefix(name, "aipass_") && !shown[name] && !slices.Contains(unseen, name) {
			t.Errorf("nothing shows %s", name)
		}
	}
}
