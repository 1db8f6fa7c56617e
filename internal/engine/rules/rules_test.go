package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hourly is a host with these rules, on which each run is a process of its own.
func hourly(t *testing.T, rules string) *host {
	t.Helper()
	text := "groups:\n- name: test\n  rules:\n" + rules
	h := newHost(t, fstest.MapFS{"test.yml": {Data: []byte(text)}}, "test.yml")
	h.restart()
	h.interval = time.Hour
	return h
}

// run is a run at a time, with x as it is then; without values there is none.
func (h *host) run(at time.Duration, values ...float64) {
	h.t.Helper()
	h.restart()
	var samples []input
	for i, v := range values {
		samples = append(samples, input{at, labels.FromStrings("__name__", "x", "n", strconv.Itoa(i)), v})
	}
	h.append(samples, at)
	h.evaluate(at)
}

// forget loses what is known of the alerts, but for the history.
func (h *host) forget() {
	h.t.Helper()
	set, err := rules.Load(h.files, h.names, rules.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.set = set
}

// is checks the alerts there are: state, how long since, name and value.
func (h *host) is(want ...string) {
	h.t.Helper()
	var got []string
	for _, a := range h.set.Alerts() {
		got = append(got, fmt.Sprintf("%s %s since %v: %.3g", a.Labels["alertname"], a.State, h.now.Sub(a.ActiveAt), a.Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("at %v: -want +got:\n%s", h.now.Sub(time.Unix(0, 0)), diff)
	}
}

func TestForGoesOnOverRuns(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(0, 6)
	h.is("High pending since 0s: 6")
	h.run(time.Hour, 7)
	h.is("High pending since 1h0m0s: 7")
	h.run(2*time.Hour, 8)
	h.is("High firing since 2h0m0s: 8")
	if got := h.set.Alerts()[0].FiredAt; !got.Equal(h.now) {
		t.Errorf("fired at %v, want %v", got, h.now)
	}
	h.run(3*time.Hour, 1)
	h.is("High resolved since 3h0m0s: 8")
	h.run(4*time.Hour, 1)
	h.is()
}

func TestForBeginsAnewAfterAGap(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(0, 6)
	h.run(time.Hour, 1)
	h.is()
	h.run(2*time.Hour, 6)
	h.is("High pending since 0s: 6")
}

func TestKeepFiringForGoesOnOverRuns(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, keep_firing_for: 3h}\n")
	h.run(0, 6)
	for hour := 1; hour < 4; hour++ {
		h.run(time.Duration(hour)*time.Hour, 1)
		h.is(fmt.Sprintf("High firing since %dh0m0s: 6", hour))
	}
	h.run(4*time.Hour, 1)
	h.is("High resolved since 4h0m0s: 6")
}

// keep_firing_for counts from when the condition was last over.
func TestKeepFiringForBeginsAnew(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, keep_firing_for: 90m}\n")
	h.run(0, 6)
	h.run(time.Hour, 1)
	h.run(2*time.Hour, 6)
	h.run(3*time.Hour, 1)
	h.run(4*time.Hour, 1)
	h.is("High firing since 4h0m0s: 6")
	h.run(5*time.Hour, 1)
	h.is("High resolved since 5h0m0s: 6")
}

func TestAnnotationsAreTheLastOnes(t *testing.T) {
	t.Parallel()
	h := hourly(t, `  - {alert: High, expr: x > 5, keep_firing_for: 3h, annotations: {description: "{{ $value }} of {{ with query \"vector(9)\" }}{{ . | first | value }}{{ end }}"}}`+"\n")
	h.run(0, 6)
	h.run(time.Hour, 7)
	h.run(2*time.Hour, 1)
	if got := h.set.Alerts()[0].Annotations["description"]; got != "7 of 9" {
		t.Errorf("got %q, want what it was when the condition held", got)
	}
}

// Labels made of values and of other labels are the alert's identity.
func TestTemplatedLabelsSurvive(t *testing.T) {
	t.Parallel()
	h := hourly(t, `  - {alert: High, expr: x > 5, for: 90m, labels: {severity: "{{ if gt $value 10.0 }}critical{{ else }}warning{{ end }}", who: "x{{ $labels.n }}"}}`+"\n")
	h.run(0, 6, 11)
	h.run(time.Hour, 6, 12)
	h.run(2*time.Hour, 7, 13)
	h.is("High firing since 2h0m0s: 7", "High firing since 2h0m0s: 13")
}

// A counter that grew is seen to have grown by runs that are an hour apart, for as
// long as Prometheus sees it.
func TestIncreaseSeesWhatGrewBetweenRuns(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: Failed, expr: \"increase(x[2h]) > 0\"}\n")
	h.run(0, 3)
	h.is()
	h.run(time.Hour, 4)
	h.is("Failed firing since 0s: 1.01")
	h.run(2*time.Hour, 4)
	h.is("Failed firing since 1h0m0s: 1.01")
	h.run(3*time.Hour, 4)
	h.is("Failed resolved since 2h0m0s: 1.01")
}

func TestWhatIsNoLongerRecordedIsGone(t *testing.T) {
	t.Parallel()
	h := hourly(t, `  - {record: high, expr: x > 5}
  - {alert: High, expr: high}
  - {alert: WasFiring, expr: 'ALERTS{alertname="High", alertstate="firing"}'}
`)
	h.run(0, 6)
	h.is("High firing since 0s: 6", "WasFiring firing since 0s: 1")
	h.run(time.Hour, 1)
	h.is("High resolved since 1h0m0s: 6", "WasFiring resolved since 1h0m0s: 1")
}

// Rules that need each other are evaluated in their order, whatever else is at the
// same time.
func TestRulesAreEvaluatedInTheirOrder(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("  - {record: before, expr: r30}\n  - {record: r0, expr: x}\n")
	for n := range 30 {
		fmt.Fprintf(&text, "  - {record: r%d, expr: r%d + 1}\n  - {alert: Other%d, expr: x > 100}\n", n+1, n, n)
	}
	text.WriteString("  - {alert: Last, expr: r30}\n  - {alert: LastBefore, expr: before}\n")
	h := hourly(t, text.String())
	h.run(0, 1)
	h.is("Last firing since 0s: 31")
	h.run(time.Hour, 2)
	h.is("Last firing since 1h0m0s: 32", "LastBefore firing since 0s: 31")
}

// Rules that record at the same time do not get in each other's way: of all alerts
// there are series, and of those that are over none.
func TestRulesRecordAtTheSameTime(t *testing.T) {
	t.Parallel()
	const rules, values = 20, 50
	var text strings.Builder
	for n := range rules {
		fmt.Fprintf(&text, "  - {alert: Alert%d, expr: x > 5}\n", n)
	}
	h := hourly(t, text.String())
	for hour, high := range []int{values, 3, values} {
		x := make([]float64, values)
		for i := range high {
			x[i] = 6
		}
		h.run(time.Duration(hour)*time.Hour, x...)
		found, err := h.db.Query(t.Context(), "count(ALERTS)", h.now)
		if err != nil || len(found) != 1 || found[0].Points[0].Value != float64(rules*high) {
			t.Errorf("after %d hours %v, %v; want %d", hour, found, err, rules*high)
		}
	}
}

func TestRulesWithOneNameDoNotEndEachOther(t *testing.T) {
	t.Parallel()
	h := hourly(t, `  - {record: both, expr: 'x{n="0"}'}
  - {record: both, expr: 'x{n="1"} > 0'}
  - {alert: Both, expr: count(both)}
`)
	h.run(0, 1, 1)
	h.run(time.Hour, 1, 1)
	h.is("Both firing since 1h0m0s: 2")
	h.run(2*time.Hour, 1, 0)
	h.is("Both firing since 2h0m0s: 1")
}

// What an alert is does not depend on whether its rule can be evaluated just now.
func TestRuleThatFailsKeepsItsAlerts(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x * on () y > 5}\n  - {alert: Other, expr: x > 5}\n")
	y := func(at time.Duration, copies int) {
		var samples []input
		for i := range copies {
			samples = append(samples, input{at, labels.FromStrings("__name__", "y", "n", strconv.Itoa(i)), 1})
		}
		h.append(samples, at)
	}
	y(0, 1)
	h.run(0, 6)
	h.is("High firing since 0s: 6", "Other firing since 0s: 6")
	h.restart()
	y(time.Hour, 2) // many-to-many
	h.append([]input{{time.Hour, labels.FromStrings("__name__", "x", "n", "0"), 7}}, time.Hour)
	h.now = time.Unix(3600, 0).UTC()
	err := h.set.Evaluate(t.Context(), h.db, h.now)
	if err == nil || !strings.Contains(err.Error(), "rule file test.yml: group test: rule High: ") {
		t.Errorf("got %v, want an error that names file, group and rule", err)
	}
	if history.Damaged(err) {
		t.Errorf("%v is taken for a fault of the history", err)
	}
	h.is("High firing since 1h0m0s: 6", "Other firing since 1h0m0s: 7")
}

// A chunk that is broken shows when it is read. The caller can tell that from a
// rule that is wrong, and set the history aside.
func TestDamageThatRulesFindIsTheHistorys(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: Known, expr: \"count_over_time(x[1d]) > 0\"}\n")
	for hour := range 24 {
		h.run(time.Duration(hour)*time.Hour, 1)
	}
	chunks, err := filepath.Glob(filepath.Join(h.dir, "*", "chunks", "000001"))
	if err != nil || len(chunks) == 0 {
		t.Fatalf("found %q, %v", chunks, err)
	}
	for _, path := range chunks {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range text[8:] {
			text[8+i] ^= 0xff // behind the header
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.restart()
	if err := h.set.Evaluate(t.Context(), h.db, time.Unix(24*3600, 0)); !history.Damaged(err) {
		t.Errorf("got %v, want a fault of the history", err)
	}
	h.now = time.Unix(24*3600, 0)
	if got := h.alerts("Known", engine.Firing); len(got) != 1 {
		t.Errorf("alerts %v, want what it was", got)
	}
}

// Without its history a run goes on from the state of the alerts.
func TestHistoryLost(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(0, 6)
	h.run(time.Hour, 6)
	kept := h.set.State()
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(h.dir); err != nil {
		t.Fatal(err)
	}
	h.start(nil)
	if err := h.set.Restore(kept); err != nil {
		t.Error(err)
	}
	h.run(2*time.Hour, 6)
	h.is("High firing since 2h0m0s: 6")
}

// Without the state of the alerts, the history says since when they have lasted.
func TestStateLost(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n  - {alert: Higher, expr: x > 7, for: 90m}\n  - {alert: There, expr: x}\n  - {alert: Waits, expr: 'ALERTS{alertname=\"High\", alertstate=\"pending\"}'}\n")
	h.run(0, 6)
	h.run(time.Hour, 8)
	h.forget()
	h.run(2*time.Hour, 8)
	h.is("High firing since 2h0m0s: 8", "Higher pending since 1h0m0s: 8", "There firing since 0s: 8")
	h.run(3*time.Hour, 8)
	h.is("High firing since 3h0m0s: 8", "Higher firing since 2h0m0s: 8", "There firing since 1h0m0s: 8")
}

// What was over when the history ends has not lasted.
func TestStateLostOfAnAlertThatWasOver(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(0, 6)
	h.run(time.Hour, 1)
	h.forget()
	h.run(2*time.Hour, 6)
	h.is("High pending since 0s: 6")
}

func TestClockSetBack(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(10*time.Hour, 6)
	h.run(11*time.Hour, 6)
	h.run(2*time.Hour, 6)
	h.is("High pending since 1h0m0s: 6")
	h.run(3*time.Hour, 6)
	h.is("High firing since 2h0m0s: 6")
	h.run(4*time.Hour, 1)
	h.is("High resolved since 3h0m0s: 6")
}

func TestAlertsOfRuleThatIsGoneAreForgotten(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5}\n")
	h.run(0, 6)
	h.files = fstest.MapFS{"test.yml": {Data: []byte("groups:\n- name: test\n  rules:\n  - {alert: Low, expr: x < 5}\n")}}
	h.run(time.Hour, 6)
	h.is()
}

// A rule is known by what it is, not by where it stands.
func TestAlertsFollowTheirRuleToAnotherFile(t *testing.T) {
	t.Parallel()
	h := hourly(t, "  - {alert: High, expr: x > 5, for: 90m}\n")
	h.run(0, 6)
	h.files = fstest.MapFS{"moved.yml": {Data: []byte("groups:\n- name: moved\n  rules:\n  - {alert: Low, expr: x < 5}\n  - {alert: High, expr: x > 5, for: 90m}\n")}}
	h.names = []string{"moved.yml"}
	h.run(time.Hour, 6)
	h.is("High pending since 1h0m0s: 6")
}

func TestGeneratorURLIsPrometheus(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"test.yml": {Data: []byte("groups:\n- name: test\n  rules:\n  - {alert: Always, expr: vector(1)}\n")}}
	h := newHost(t, files, "test.yml")
	set, err := rules.Load(files, []string{"test.yml"}, rules.Options{ExternalURL: "http://prom.example"})
	if err != nil {
		t.Fatal(err)
	}
	h.set = set
	h.evaluate(0)
	if got, want := h.alerts("Always", engine.Firing)[0].GeneratorURL, "http://prom.example/graph?g0.expr=vector%281%29&g0.tab=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRuleFileThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"groups: [",
		"groups:\n- name: test\n  rules:\n  - {alert: High, expr: 'x >'}\n",
		"groups:\n- name: test\n  rules:\n  - {alert: High, expr: x, typo: 5m}\n",
	} {
		_, err := rules.Load(fstest.MapFS{"wrong.yml": {Data: []byte(text)}}, []string{"wrong.yml"}, rules.Options{})
		if err == nil || !strings.Contains(err.Error(), "wrong.yml") {
			t.Errorf("got %v, want an error that names the file", err)
		}
	}
	if _, err := rules.Load(fstest.MapFS{}, []string{"none.yml"}, rules.Options{}); err == nil || !strings.Contains(err.Error(), "none.yml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
