package grafana

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// find is a panel by its dashboard and its title.
func find(t *testing.T, uid, title string) (*dashboard.Dashboard, *dashboard.Panel) {
	t.Helper()
	for _, d := range dashboards(t) {
		for i := range d.Panels {
			if d.UID == uid && d.Panels[i].Title == title {
				return &d, &d.Panels[i]
			}
		}
	}
	t.Fatalf("%s has no panel %q", uid, title)
	return nil, nil
}

// column is what a column of the table of all branches gives now.
func column(t *testing.T, name string) []history.Series {
	t.Helper()
	d, p := find(t, "aipass-overview", "Branch by branch")
	for _, target := range p.Targets {
		if organized(t, p).RenameByName["Value #"+target.RefID] == name {
			return answers(t, d, p, target)[0]
		}
	}
	t.Fatalf("there is no column %q", name)
	return nil
}

// branchesOf are the branches of series above zero.
func branchesOf(series []history.Series) []string {
	names := map[string]bool{}
	for _, s := range series {
		if s.Points[0].Value > 0 {
			names[s.Labels["branch"]] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestBrokenOrMissingIsWhatTheRulesFind(t *testing.T) {
	t.Parallel()
	want := branchesOf(now(t, `ALERTS{alertname=~"AIPass(Directory|Mailbox|File)Missing|AIPass(File|Inbox)Malformed|AIPassFileUnreadable", branch!=""}`))
	if !slices.Contains(want, "GHOST_WRITER") || !slices.Contains(want, "CARTOGRAPHER") {
		t.Fatalf("nothing is missing on the demo day: %q", want)
	}
	if diff := cmp.Diff(want, branchesOf(column(t, "Broken or missing"))); diff != "" {
		t.Errorf("in the table (-rules +dashboard):\n%s", diff)
	}
	d, p := find(t, "aipass-overview", "Broken or missing")
	if got := answers(t, d, p, p.Targets[0])[0][0].Points[0].Value; got != float64(2*len(want)) {
		t.Errorf("got %v branches on two hosts, want %d on each", got, len(want))
	}
	d, p = find(t, "aipass-branch", "Broken or missing")
	var got []string
	for i, series := range answers(t, d, p, p.Targets[0]) {
		if series[0].Points[0].Value > 0 {
			got = append(got, branches(t, d)[i])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on the branches' own (-rules +dashboard):\n%s", diff)
	}
}

// A file at its limit is near, not over: red is what an override makes so.
func TestAtItsLimitIsNotBeyondIt(t *testing.T) {
	t.Parallel()
	for _, uid := range []string{"aipass-overview", "aipass-branch"} {
		d, p := find(t, uid, "Memory, of its limit")
		red := regexp.MustCompile(p.FieldConfig.Overrides[0].Matcher.Options)
		full := 0
		for _, target := range p.Targets {
			for _, s := range slices.Concat(answers(t, d, p, target)...) {
				name, value := legend(t, p, target, s), s.Points[0].Value
				if red.MatchString(name) != (value > 1) {
					t.Errorf("%s: %s is at %v of its limit", uid, name, value)
				}
				if value == 1 {
					full++
				}
			}
		}
		if full == 0 {
			t.Errorf("%s: nothing is at its limit on the demo day", uid)
		}
	}
}

func TestOverIsNotAtTheLimit(t *testing.T) {
	t.Parallel()
	over := branchesOf(column(t, "Over"))
	if slices.Contains(over, "TRIGGER") || !slices.Contains(over, "DRONE") {
		t.Errorf("got %q, want those beyond a limit only", over)
	}
}

// The other textfile is as old as its own jobs have it, and crosses no line.
func TestTheTextfilesLineIsTheExportersAlone(t *testing.T) {
	t.Parallel()
	_, p := find(t, "aipass-watcher", "Age of the textfiles")
	var lines []string
	for _, target := range p.Targets {
		if strings.HasPrefix(target.LegendFormat, "due") {
			lines = append(lines, target.LegendFormat)
		}
	}
	if diff := cmp.Diff([]string{"due: aipass.prom {{instance}}"}, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestABranchsCleanupsAreThoseThatChangedItsMail(t *testing.T) {
	t.Parallel()
	d, _ := find(t, "aipass-branch", "Cleanups per hour")
	marks := d.Annotations.List[1].Expr
	quiet := 0
	for _, branch := range branches(t, d) {
		totals := now(t, `sum by (branch) (aipass_mail_auto_opened_total{branch="`+branch+`"} + aipass_mail_auto_closed_total)`)
		changed := len(branchesOf(totals)) > 0
		if marked := len(ask(t, dashboard.Expand(marks, d.Values(branch), time.Minute), time.Minute)) > 0; marked != changed {
			t.Errorf("%s: marked %v, changed %v", branch, marked, changed)
		}
		if !changed {
			quiet++
		}
	}
	if quiet == 0 {
		t.Error("cleanups changed something everywhere on the demo day")
	}
}
