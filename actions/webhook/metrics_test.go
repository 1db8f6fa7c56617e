package webhook

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/metricspage"
)

// busy is a receiver that has seen one of everything that it counts.
func busy(t *testing.T) (reg prometheus.Gatherer, url string) {
	t.Helper()
	root := layHost(t, aipass.Modern, branches...)
	_, url = serve(t, root, func(c *Config) { reg = c.Gatherer })
	post(t, url, "branch", about("DRONE", "A", "B"))
	post(t, url, "branch", about("DRONE", "A", "B"))
	post(t, url, "boss", about("DRONE", "A"))
	return reg, url
}

func TestWhatComesIsCounted(t *testing.T) {
	t.Parallel()
	_, url := busy(t)
	page := ask(t, http.MethodGet, url+"/metrics", "").body
	for _, line := range []string{
		`aipass_webhook_requests_total{code="200"} 2`, `aipass_webhook_requests_total{code="400"} 1`, `aipass_webhook_requests_total{code="503"} 0`,
		`aipass_webhook_alerts_total{outcome="delivered"} 2`, `aipass_webhook_alerts_total{outcome="duplicate"} 2`, `aipass_webhook_alerts_total{outcome="failed"} 0`,
		`aipass_webhook_request_duration_seconds_count 3`, `aipass_webhook_lock_wait_seconds_count 2`,
		`aipass_webhook_requests_in_flight 0`, `aipass_webhook_ledger_faults_total 0`,
	} {
		if !strings.Contains(page, "\n"+line+"\n") {
			t.Errorf("no %s in\n%s", line, page)
		}
	}
}

func TestNobodyHasSucceededBeforeTheFirst(t *testing.T) {
	t.Parallel()
	_, url := serve(t, layHost(t, aipass.Modern, branches...), nil)
	if page := ask(t, http.MethodGet, url+"/metrics", "").body; strings.Contains(page, "last_success") {
		t.Errorf("got\n%s", page)
	}
}

// The latencies are native histograms, and classic ones for who reads text.
func TestLatenciesAreNativeHistogramsWithClassicBuckets(t *testing.T) {
	t.Parallel()
	reg, _ := busy(t)
	families, err := reg.Gather()
	must(t, err)
	found := 0
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if h := m.GetHistogram(); h != nil {
				found++
				if len(h.GetPositiveSpan()) == 0 || len(h.GetBucket()) < 5 {
					t.Errorf("%s: %v", f.GetName(), h)
				}
			}
		}
	}
	if found != 2 {
		t.Errorf("%d histograms, want 2", found)
	}
}

func TestMetricsHaveNoFaultOfStyle(t *testing.T) {
	t.Parallel()
	reg, _ := busy(t)
	families, err := reg.Gather()
	must(t, err)
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	must(t, err)
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestPageSaysWhatEveryMetricIs(t *testing.T) {
	t.Parallel()
	reg, _ := busy(t)
	gathered, err := reg.Gather()
	must(t, err)
	var families []metricspage.Family
	for _, f := range gathered {
		family := metricspage.Family{Name: f.GetName(), Help: f.GetHelp(), Type: f.GetType().String()}
		for _, label := range f.GetMetric()[0].GetLabel() {
			family.Labels = append(family.Labels, label.GetName())
		}
		families = append(families, family)
	}
	metricspage.Check(t, metricspage.Read(t, filepath.Join("..", "..", "docs", "metrics.md"), metricspage.Webhook), families)
}
