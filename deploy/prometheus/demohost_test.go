package prometheus

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// From the files of a host to the alerts: what fires on the demo host, half an
// hour after a look at it. Nothing fires about what is well there.
func TestAlertsOfTheDemoHost(t *testing.T) {
	t.Parallel()
	const want = `
AIPassAgentLockStale TRIGGER
AIPassDashboardStale LAMPLIGHTER
AIPassDirectoryMissing GHOST_WRITER
AIPassInboxMalformed AI_MAIL
AIPassLogNotRotated PRAX
AIPassMailStaleNew FLOW
AIPassMailStaleOpened FLOW
AIPassMailboxMissing CARTOGRAPHER
AIPassMemoryEntriesNearLimit TRIGGER
AIPassMemoryNearLimit MEMORY_BANK
AIPassMemoryOverLimit DRONE
AIPassReadmeStale CARTOGRAPHER
AIPassWatchdog
`
	now := time.Now()
	test := rulefile.TestFile{EvaluationInterval: "1m", Tests: []rulefile.TestGroup{{Interval: "1m"}}}
	for _, x := range demoHost(t, now).samples {
		test.Tests[0].InputSeries = append(test.Tests[0].InputSeries, rulefile.Series{Series: series(x), Values: since(t, x, now) + "x40"})
	}
	for _, path := range glob(t, "rules/*.yml") {
		abs, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		test.RuleFiles = append(test.RuleFiles, abs)
	}
	query := rulefile.ExprTest{Expr: `count by (alertname, branch) (ALERTS{alertstate="firing"})`, EvalTime: "30m"}
	for line := range strings.Lines(strings.TrimSpace(want)) {
		alert, branch, _ := strings.Cut(strings.TrimSpace(line), " ")
		labels := fmt.Sprintf(`{alertname=%q, branch=%q}`, alert, branch)
		query.ExpSamples = append(query.ExpSamples, rulefile.ExpSample{Labels: strings.ReplaceAll(labels, `, branch=""`, ""), Value: 1})
	}
	test.Tests[0].ExprTests = []rulefile.ExprTest{query}
	file := filepath.Join(t.TempDir(), "demohost.yml")
	if err := rulefile.Write(file, test); err != nil {
		t.Fatal(err)
	}
	promtool(t, "test", "rules", file)
}

// demoHost is what collect would write of it.
func demoHost(t *testing.T, now time.Time) scrape {
	t.Helper()
	host := filepath.Join(t.TempDir(), "host")
	if err := demohost.Lay(host, now); err != nil {
		t.Fatal(err)
	}
	tree, err := aipass.Open(host, aipass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := collectors.Look{Snapshot: tree.Snapshot(t.Context()), Started: now, Interval: time.Hour}
	all := collectors.All(collectors.Options{StaleNew: 48 * time.Hour, StaleOpened: 24 * time.Hour, LogFiles: true})
	var text strings.Builder
	if err := collectors.WriteText(&text, l, all, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return parseScrape(t, text.String())
}

// series is without empty labels, which are none to Prometheus.
func series(x sample) string {
	var labels []string
	for name, value := range x.labels {
		if value != "" {
			labels = append(labels, fmt.Sprintf("%s=%q", name, value))
		}
	}
	return x.metric + "{" + strings.Join(labels, ",") + "}"
}

// since is the value where time begins now, as it does for promtool.
func since(t *testing.T, x sample, now time.Time) string {
	t.Helper()
	value, err := strconv.ParseFloat(x.value, 64)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(x.metric, "_timestamp_seconds") {
		value -= float64(now.UnixMilli()) / 1000
	}
	return strconv.FormatFloat(value, 'f', 3, 64)
}
