package grafana

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// pages are where this project's are.
const pages = "https://github.com/aiosai/aipass-exporter/blob/main/"

// A lead is a link of a panel.
type lead struct {
	dashboard.Link
	panel *dashboard.Panel
}

// leads are all that lead from a panel somewhere.
func leads(d *dashboard.Dashboard) (all []lead) {
	for i := range d.Panels {
		p := &d.Panels[i]
		list := p.FieldConfig.Defaults.Links
		for _, o := range p.FieldConfig.Overrides {
			for _, property := range o.Properties {
				var own []dashboard.Link
				if property.ID == "links" && json.Unmarshal(property.Value, &own) == nil {
					list = append(list, own...)
				}
			}
		}
		for _, l := range list {
			all = append(all, lead{l, p})
		}
	}
	return all
}

// within are the leads within Grafana.
func (l lead) within() bool { return !strings.HasPrefix(l.URL, "https://") }

// to is the uid that a lead within Grafana leads to; it takes the choices along, and
// from a row of a table the row's own host.
func (l lead) to() (uid string, faults []string) {
	path, query, _ := strings.Cut(l.URL, "?")
	host := "${instance:queryparam}"
	if l.panel.Type == "table" {
		host = "var-instance=${__data.fields.instance}"
	}
	for _, taken := range []string{"${datasource:queryparam}", host, "${__url_time_range}"} {
		faults = append(faults, unless(strings.Contains(query, taken), "link %q leaves %s behind", l.Title, taken)...)
	}
	uid, within := strings.CutPrefix(path, "/d/")
	_, err := url.Parse(path)
	return uid, append(faults, unless(within && err == nil, "link %q leads to %q", l.Title, l.URL)...)
}

func TestLinksLeadToDashboardsThatExist(t *testing.T) {
	t.Parallel()
	known, seen := map[string]bool{}, 0
	for _, d := range dashboards(t) {
		known[d.UID] = true
	}
	for _, d := range dashboards(t) {
		for _, l := range leads(&d) {
			if !l.within() {
				continue
			}
			uid, faults := l.to()
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
	for _, d := range dashboards(t) {
		for _, l := range d.Links {
			page, ours := strings.CutPrefix(l.URL, pages)
			if _, err := os.Stat("../" + page); l.Type == "link" && (!ours || err != nil) {
				t.Errorf("%s: link %q leads to %s: %v", d.File, l.Title, l.URL, err)
			}
		}
	}
}

// GitHub finds a heading whatever the case of its letters in the link.
func TestWhatFiresLeadsToItsRunbook(t *testing.T) {
	t.Parallel()
	var urls []string
	for _, d := range dashboards(t) {
		for _, l := range leads(&d) {
			if !l.within() {
				urls = append(urls, l.URL)
			}
		}
	}
	if want := pages + "docs/runbooks.md#${__value.raw}"; len(urls) != 1 || urls[0] != want {
		t.Fatalf("got %q, want %q", urls, want)
	}
	runbooks := string(read(t, "../docs/runbooks.md"))
	for _, s := range now(t, `count by (alertname) (ALERTS{alertstate="firing"})`) {
		if name := s.Labels["alertname"]; !strings.Contains(runbooks, "\n## "+name+"\n") {
			t.Errorf("%s has no runbook", name)
		}
	}
}

// A link that leaves the choices behind, or leads nowhere, is noticed.
func TestLinksAreLookedAt(t *testing.T) {
	t.Parallel()
	const choices = "?${datasource:queryparam}&${instance:queryparam}&${__url_time_range}"
	for _, c := range []struct{ kind, url string }{
		{"stat", "/d/aipass-mail"},
		{"stat", "/dashboards" + choices},
		{"table", "/d/aipass-branch" + choices},
	} {
		l := lead{dashboard.Link{URL: c.url}, &dashboard.Panel{Type: c.kind}}
		if _, faults := l.to(); len(faults) == 0 {
			t.Errorf("passes: %s of a %s", c.url, c.kind)
		}
	}
}
