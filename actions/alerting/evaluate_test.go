package alerting_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

const ruleFile = `
groups:
  - name: test
    rules:
      - {alert: Broken, expr: 'aipass_broken == 1'}
      - {alert: Grown, expr: 'increase(aipass_things_total[2d]) > 0'}
`

// An evaluator with rules that ask about now and about the past.
func newEvaluator(t *testing.T) *alerting.Evaluator {
	return &alerting.Evaluator{
		History: filepath.Join(t.TempDir(), "tsdb"), Interval: time.Hour, Logger: quiet(),
		Rules: func() (*rules.Set, error) {
			return rules.Load(fstest.MapFS{"r.yml": {Data: []byte(ruleFile)}}, []string{"r.yml"}, rules.Options{})
		},
	}
}

// after evaluates after so many hours. Things become more every hour.
func after(t *testing.T, e *alerting.Evaluator, hours int) (firing string, found alerting.Evaluation, err error) {
	t.Helper()
	page := fmt.Sprintf("aipass_broken{branch=\"A\"} 1\naipass_things_total %d\n", hours)
	found, err = e.Evaluate(t.Context(), rules.State{}, scrape(eight.Add(time.Duration(hours)*time.Hour), page))
	var names []string
	for _, a := range found.Alerts {
		if a.State == engine.Firing {
			names = append(names, a.Labels["alertname"])
		}
	}
	return strings.Join(names, " "), found, err
}

func TestRulesKnowThePast(t *testing.T) {
	t.Parallel()
	e := newEvaluator(t)
	for hours, want := range []string{"Broken", "Broken Grown"} {
		got, found, err := after(t, e, hours)
		if got != want || len(found.Faults) > 0 || err != nil {
			t.Errorf("after %d hours %q fire, faults %v, %v; want %q", hours, got, found.Faults, err, want)
		}
	}
}

// A history that is damaged is set aside, one that cannot be used is left alone;
// what is wrong now is found all the same.
func TestWithoutAHistoryRulesKnowWhatIsNow(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil  func(t *testing.T, dir string)
		aside  bool // else it stays as it is
		fault  string
		before int // hours
	}{
		"damaged": {spoilChunks, true, "set aside", 30},
		"used by another": {func(t *testing.T, dir string) {
			db, err := history.Open(dir, eight, history.Options{})
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
		}, false, "resource temporarily unavailable", 1},
		"no directory": {func(t *testing.T, dir string) {
			must(t, errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600)))
		}, false, "not a directory", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEvaluator(t)
			for hours := range row.before {
				_, _, err := after(t, e, hours)
				must(t, err)
			}
			row.spoil(t, e.History)
			got, found, err := after(t, e, row.before)
			if got != "Broken" || err != nil || len(found.Faults) != 1 || !strings.Contains(found.Faults[0].Error(), row.fault) {
				t.Fatalf("%q fire, faults %v, %v; want Broken and a fault: %s", got, found.Faults, err, row.fault)
			}
			if is := alerting.IsSetAside(found.Faults[0]); is != row.aside {
				t.Errorf("set aside is %v, want %v", is, row.aside)
			}
			if !row.aside {
				return
			}
			if got, found, _ := after(t, e, row.before+1); got != "Broken Grown" || len(found.Faults) > 0 {
				t.Errorf("the next run finds %q, faults %v", got, found.Faults)
			}
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// spoilChunks breaks the samples of blocks, which shows when they are read.
func spoilChunks(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "chunks", "000001"))
	must(t, err)
	if len(found) == 0 {
		t.Fatal("no block yet")
	}
	for _, path := range found {
		text, err := os.ReadFile(path)
		must(t, err)
		for i := range text[8:] {
			text[8+i] ^= 0xff // behind the header
		}
		must(t, os.WriteFile(path, text, 0o600))
	}
}

// Rules that are wrong leave nothing known of the alerts, but the samples are there
// when they are right again.
func TestSamplesAreKeptWhenRulesAreWrong(t *testing.T) {
	t.Parallel()
	e := newEvaluator(t)
	right := e.Rules
	e.Rules = func() (*rules.Set, error) { return nil, fs.ErrNotExist }
	if _, found, err := after(t, e, 0); !errors.Is(err, fs.ErrNotExist) || found.Alerts != nil {
		t.Errorf("found %v, %v", found.Alerts, err)
	}
	e.Rules = right
	if got, _, err := after(t, e, 1); got != "Broken Grown" || err != nil {
		t.Errorf("%q fire, %v", got, err)
	}
}

// What neither the rules nor anybody else asks for is not kept, unless that cannot be
// known.
func TestTheHistoryKeepsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	asking := ruleFile + `      - {alert: Asking, expr: aipass_broken, annotations: {summary: '{{ with query "aipass_other" }}{{ . | first | value }}{{ end }}'}}` + "\n"
	for name, row := range map[string]struct {
		rules string
		asked []string
		want  string
	}{
		"everything":                    {ruleFile, nil, "aipass_broken aipass_other aipass_things_total aipass_wanted"},
		"what rules ask for":            {ruleFile, []string{}, "aipass_broken aipass_things_total"},
		"what others ask for":           {ruleFile, []string{"sum(aipass_wanted)"}, "aipass_broken aipass_things_total aipass_wanted"},
		"a template may ask anything":   {asking, []string{}, "aipass_broken aipass_other aipass_things_total aipass_wanted"},
		"nobody knows what rules it is": {"groups: [", []string{}, "aipass_broken aipass_other aipass_things_total aipass_wanted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEvaluator(t)
			e.Asked = row.asked
			e.Rules = func() (*rules.Set, error) {
				return rules.Load(fstest.MapFS{"r.yml": {Data: []byte(row.rules)}}, []string{"r.yml"}, rules.Options{})
			}
			_, _ = e.Evaluate(t.Context(), rules.State{}, scrape(eight, "aipass_broken 0\naipass_things_total 1\naipass_wanted 1\naipass_other 1\n"))
			db, err := history.OpenCopy(e.History, eight, history.Options{})
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			series, err := db.Query(t.Context(), `count by (__name__) ({__name__=~"aipass_.*"})`, eight)
			must(t, err)
			var names []string
			for _, s := range series {
				names = append(names, s.Labels["__name__"])
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != row.want {
				t.Errorf("kept %s, want %s", got, row.want)
			}
		})
	}
}

// What only asks leaves the history as it is, and nothing anywhere else.
func TestAHistoryThatIsToStayUntouchedDoes(t *testing.T) {
	e := newEvaluator(t)
	_, _, err := after(t, e, 0)
	must(t, err)
	before := tree(t, e.History)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	e.Untouched = true
	if got, found, err := after(t, e, 1); got != "Broken Grown" || len(found.Faults) > 0 || err != nil {
		t.Errorf("%q fire, faults %v, %v", got, found.Faults, err)
	}
	if got := tree(t, e.History); got != before {
		t.Errorf("was\n%s\nis\n%s", before, got)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// tree lists what is below a directory, with size and time.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var list strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		fmt.Fprintln(&list, path, info.Size(), info.ModTime())
		return err
	}))
	return list.String()
}
