package report

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A question is put to Prometheus' own engine over series that are written down
// as promtool's tests write them, one sample an hour as a run from cron takes
// them. What promtool expects is its answer at an hour.
type question struct {
	promql string
	series map[string]string
	hour   int
	want   map[string]float64 // by labels
}

func questions() map[string]question {
	return map[string]question{
		"unread": {unreadQuery, map[string]string{
			`aipass_mail_messages{branch="A",status="new"}`:    "1x30",
			`aipass_mail_messages{branch="B",status="new"}`:    "2x30",
			`aipass_mail_messages{branch="A",status="opened"}`: "50x30",
		}, 30, map[string]float64{"{}": 3}},
		"unread, an hour after the last look": {unreadQuery, map[string]string{
			`aipass_mail_messages{branch="A",status="new"}`: "4x24",
		}, 25, map[string]float64{"{}": 4}},
		"memory": {memoryQuery, map[string]string{
			`aipass_memory_lines{branch="A",file="local"}`: "0+10x30", `aipass_memory_lines{branch="A",file="observations"}`: "5x30",
		}, 24, map[string]float64{"{}": 245}},
		"size of logs": {logBytesQuery, map[string]string{
			`aipass_log_size_bytes{branch="A",scope="system"}`: "100x30", `aipass_log_size_bytes{branch="A",scope="branch"}`: "50x30",
		}, 24, map[string]float64{"{}": 150}},
		"errors in six hours": {errorsQuery, map[string]string{
			`aipass_log_messages_total{branch="A",scope="system",level="error"}`:    "0+2x30",
			`aipass_log_messages_total{branch="A",scope="system",level="critical"}`: "0+1x30",
			`aipass_log_messages_total{branch="A",scope="system",level="warning"}`:  "0+100x30",
		}, 24, map[string]float64{"{}": 18}},
		"errors by branch": {branchErrorsQuery, map[string]string{
			`aipass_log_messages_total{branch="A",scope="system",level="error"}`: "0+1x48",
			`aipass_log_messages_total{branch="A",scope="branch",level="error"}`: "0+1x48",
			`aipass_log_messages_total{branch="B",scope="branch",level="error"}`: "7x48",
		}, 48, map[string]float64{`{branch="A"}`: 48}},
		"growth by branch": {branchGrowthQuery, map[string]string{
			`aipass_log_read_bytes_total{branch="A",scope="system"}`: "0+1000x48",
		}, 48, map[string]float64{`{branch="A"}`: 24000}},
		"a limit that is ten hours away": {linesForecastQuery, map[string]string{
			`aipass_memory_lines{branch="A",file="local"}`:       "0+10x48",
			`aipass_memory_lines_limit{branch="A",file="local"}`: "580x48",
			`aipass_memory_lines{branch="B",file="local"}`:       "100x48", // does not grow
			`aipass_memory_lines_limit{branch="B",file="local"}`: "580x48",
			`aipass_memory_lines{branch="C",file="local"}`:       "600+1x48", // is over it
			`aipass_memory_lines_limit{branch="C",file="local"}`: "580x48",
			`aipass_memory_lines{branch="D",file="local"}`:       "0+1x48", // in three weeks
			`aipass_memory_lines_limit{branch="D",file="local"}`: "580x48",
		}, 48, map[string]float64{`{branch="A",file="local"}`: 36000}},
		"less than half a day of history": {linesForecastQuery, map[string]string{
			`aipass_memory_lines{branch="A",file="local"}`: "0+10x8", `aipass_memory_lines_limit{branch="A",file="local"}`: "580x8",
		}, 8, map[string]float64{}},
		"entries": {entriesForecastQuery, map[string]string{
			`aipass_memory_entries{branch="A",file="local",array="sessions"}`:       "0+0.25x48",
			`aipass_memory_entries_limit{branch="A",file="local",array="sessions"}`: "20x48",
		}, 48, map[string]float64{`{branch="A",file="local",array="sessions"}`: 8 * 4 * 3600}},
	}
}

// test is the question as promtool has it. JSON is YAML.
func (q question) test(t *testing.T) string {
	t.Helper()
	type object = map[string]any
	input, expect := []object{}, []object{}
	for series, values := range q.series {
		input = append(input, object{"series": series, "values": values})
	}
	for labels, value := range q.want {
		expect = append(expect, object{"labels": labels, "value": value})
	}
	data, err := json.Marshal(object{"tests": []object{{
		"interval": "1h", "input_series": input,
		"promql_expr_test": []object{{"expr": q.promql, "eval_time": fmt.Sprintf("%dh", q.hour), "exp_samples": expect}},
	}}})
	must(t, err)
	return string(data)
}

func TestPrometheusAnswersWhatIsAsked(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatalf("%v: install prometheus (make test-deps)", err)
	}
	for name, q := range questions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "test.yml")
			must(t, os.WriteFile(file, []byte(q.test(t)), 0o644))
			if out, err := exec.Command(promtool, "test", "rules", file).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", q.promql, err, out)
			}
		})
	}
}

func TestEveryQuestionIsPutToPrometheus(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("history.go")
	must(t, err)
	var asked []string
	for _, q := range questions() {
		asked = append(asked, q.promql)
	}
	found := regexp.MustCompile("(?s)\\w+Query\\s+= `([^`]*)`").FindAllStringSubmatch(string(source), -1)
	for _, m := range found {
		if !slices.Contains(asked, m[1]) {
			t.Errorf("nobody asked %s", m[1])
		}
		if !slices.Contains(Queries(), m[1]) {
			t.Errorf("a history may not keep what %s asks for", m[1])
		}
	}
	if len(found) < 8 {
		t.Errorf("found %d queries", len(found))
	}
}

// What is near a limit stands in the rules, under these names.
func TestAlertsOfMemoryNearItsLimitAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile(filepath.Join("..", "..", "deploy", "prometheus", "rules", "memory.yml"))
	must(t, err)
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(rules), -1) {
		if isNear := slices.Contains(nearAlerts[:], m[1]); isNear == strings.HasSuffix(m[1], "OverLimit") {
			t.Errorf("%s: told as near its limit: %v", m[1], isNear)
		}
	}
	for _, name := range nearAlerts {
		if !strings.Contains(string(rules), "alert: "+name+"\n") {
			t.Errorf("there is no alert %s", name)
		}
	}
}
