package grafana

import "testing"

func TestDashboardsKeepTheRules(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		for _, d := range dashboards(t) {
			for _, fault := range r.check(&d) {
				t.Errorf("%s: %s: %s", r.name, d.File, fault)
			}
		}
	}
}

func TestEachRuleNotices(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		for _, d := range dashboards(t) {
			r.spoil(&d)
			if len(r.check(&d)) == 0 {
				t.Errorf("%s: does not notice that %s breaks it", r.name, d.File)
			}
		}
	}
}
