package rulefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpressionsAreTakenApart(t *testing.T) {
	t.Parallel()
	e, err := Parse(`increase(a_total{x="1", y=~"b|\\.c"}[2h]) > 1e3 and on (x, job) (time() - b < 0.5) unless c offset 5m`)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, token := range e.Tokens {
		words = append(words, token.Text)
	}
	want := `increase ( a_total { x = "1" , y =~ "b|\\.c" } [ 2h ] ) > 1e3 and on ( x , job ) ( time ( ) - b < 0.5 ) unless c offset 5m`
	if diff := cmp.Diff(want, strings.Join(words, " ")); diff != "" {
		t.Errorf("tokens, -want +got:\n%s", diff)
	}
	selectors := []Selector{
		{Metric: "a_total", Function: "increase", Matchers: []Matcher{{"x", "=", "1", 4, 6}, {"y", "=~", `b|\.c`, 8, 10}}},
		{Metric: "b"},
		{Metric: "c"},
	}
	if diff := cmp.Diff(selectors, e.Selectors); diff != "" {
		t.Errorf("selectors, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"x", "job"}, e.Labels); diff != "" {
		t.Errorf("labels, -want +got:\n%s", diff)
	}
}

func TestWhatIsNotUnderstoodIsSaid(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{"a ? b", "a{b}", `a{b="c"`, "a{b='c'}"} {
		if _, err := Parse(expr); err == nil {
			t.Errorf("%s: no error", expr)
		}
	}
}

func TestMatchersMatchWholeValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		matcher, value string
		want           bool
	}{
		{`a{l="x"}`, "x", true},
		{`a{l="x"}`, "", false},
		{`a{l!="x"}`, "", true},
		{`a{l=~"x|y"}`, "y", true},
		{`a{l=~"x|y"}`, "xy", false},
		{`a{l!~"x.*"}`, "xy", false},
	} {
		e, err := Parse(c.matcher)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Selectors[0].Accepts(map[string]string{"l": c.value}); got != c.want {
			t.Errorf("%s of %q: %v, want %v", c.matcher, c.value, got, c.want)
		}
	}
}

// Values such as 0x3 are numbers to YAML: they must come out as they went in.
func TestFilesSurvive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.yml")
	want := TestFile{RuleFiles: []string{"r.yml"}, Tests: []TestGroup{{
		InputSeries: []Series{{Series: `a{b="c"}`, Values: "0x3"}},
		AlertTests: []AlertTest{{EvalTime: "0m", Alertname: "A", ExpAlerts: []ExpAlert{
			{Labels: map[string]string{"l": "yes"}, Annotations: map[string]string{"summary": "1"}},
		}}},
	}}}
	if err := Write(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTests(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUnknownMembersAreRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.yml")
	if err := os.WriteFile(path, []byte("groups: [{name: a, rules: [{alert: A, exprr: up}]}]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "exprr") {
		t.Errorf("got %v, want an error about exprr", err)
	}
}
