package grafana

import (
	"os"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

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

func TestLinksLeadToDashboardsThatExist(t *testing.T) {
	t.Parallel()
	known, seen := map[string]bool{}, 0
	for _, d := range dashboards(t) {
		known[d.UID] = true
	}
	for _, d := range dashboards(t) {
		for _, l := range links(&d) {
			uid, faults := leadsTo(l)
			for _, fault := range faults {
				t.Errorf("%s: %s", d.File, fault)
			}
			if seen++; !known[uid] {
				t.Errorf("%s: link %q leads to %q, which there is not", d.File, l.Title, uid)
			}
		}
	}
	if seen == 0 {
		t.Error("there are no links")
	}
}

// What leads out of Grafana leads to pages of this project.
func TestLinksToPagesLeadToThoseThatExist(t *testing.T) {
	t.Parallel()
	const pages = "https://github.com/aiosai/aipass-exporter/blob/main/"
	for _, d := range dashboards(t) {
		for _, l := range d.Links {
			page, ours := strings.CutPrefix(l.URL, pages)
			if _, err := os.Stat("../" + page); l.Type == "link" && (!ours || err != nil) {
				t.Errorf("%s: link %q leads to %s: %v", d.File, l.Title, l.URL, err)
			}
		}
	}
}

// A link that leaves the choices behind, or leads nowhere, is noticed.
func TestLinksAreLookedAt(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"/d/aipass-mail", "/dashboards?${datasource:queryparam}&${instance:queryparam}&${__url_time_range}"} {
		if _, faults := leadsTo(dashboard.Link{URL: url}); len(faults) == 0 {
			t.Errorf("passes: %s", url)
		}
	}
}
