package prometheus

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// Who gets what, by the design's table: a recipient hears of nothing more urgent
// than is his. The watchdog is nobody's.
var priorities = map[string][]string{
	"branch":      {"normal", "low"},
	"assistant":   {"high"},
	"dev_central": {"critical", "high"},
}

var severities = []string{"critical", "error", "warning", "info"}

const watchdog = "AIPassWatchdog"

func TestAlertsSayWhoHasToDoWhat(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(t) {
		if !strings.HasPrefix(a.Alert, "AIPass") {
			t.Errorf("%s does not begin with AIPass", a.Alert)
		}
		if got, want := slices.Sorted(maps.Keys(a.Labels)), []string{"priority", "recipient", "severity"}; !slices.Equal(got, want) {
			t.Errorf("%s has the labels %v, want %v", a.Alert, got, want)
		}
		recipient, priority, severity := a.Labels["recipient"], a.Labels["priority"], a.Labels["severity"]
		if a.Alert != watchdog && !slices.Contains(priorities[recipient], priority) {
			t.Errorf("%s goes to %s with priority %s, want one of %v", a.Alert, recipient, priority, priorities[recipient])
		}
		if !slices.Contains(severities, severity) {
			t.Errorf("%s has severity %s, want one of %v", a.Alert, severity, severities)
		}
		if (severity == "critical") != (priority == "critical") {
			t.Errorf("%s has severity %s and priority %s: one is critical", a.Alert, severity, priority)
		}
	}
}

func TestNoTwoRulesHaveOneName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range rules(t) {
		if seen[r.Name()] {
			t.Errorf("there are two rules %s", r.Name())
		}
		seen[r.Name()] = true
	}
}

// valueless alerts are facts whose value is always the same.
var valueless = regexp.MustCompile(`^(?:AIPass\w+(?:Missing|Malformed|Unreadable)|AIPassMetricsGone|AIPassCollectorFailing|AIPassWatcherTroubleLasts|` + watchdog + `)$`)

func TestAlertsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(t) {
		want := []string{"description", "runbook_url", "summary"}
		if got := slices.Sorted(maps.Keys(a.Annotations)); !slices.Equal(got, want) {
			t.Errorf("%s has the annotations %v, want %v", a.Alert, got, want)
		}
		summary, description := a.Annotations["summary"], a.Annotations["description"]
		if strings.Contains(summary, "{{") || !strings.HasSuffix(summary, ".") {
			t.Errorf("%s: the summary is no sentence that holds for all such alerts: %s", a.Alert, summary)
		}
		if !strings.HasSuffix(description, ".") {
			t.Errorf("%s: the description is no sentence: %s", a.Alert, description)
		}
		if strings.Contains(description, "$value") == valueless.MatchString(a.Alert) {
			t.Errorf("%s: the description should have the value, or be known to have none: %s", a.Alert, description)
		}
	}
}

// An alert without a comparison fires on whatever there is.
func TestAlertsCompareSomething(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(t) {
		if a.Alert == watchdog {
			continue
		}
		if !rulefile.Compares(parse(t, a)) {
			t.Errorf("%s compares nothing: %s", a.Alert, a.Expr)
		}
	}
}

// Facts fire at the first look. Whatever waits says why, in the lines above.
func TestWhatWaitsSaysWhy(t *testing.T) {
	t.Parallel()
	wait := regexp.MustCompile(`^\s+(?:for|keep_firing_for): `)
	for _, path := range glob(t, "rules/*.yml") {
		lines := strings.Split(read(t, path), "\n")
		for i, line := range lines {
			if wait.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(lines[i-1]), "#") {
				t.Errorf("%s:%d waits and does not say why: %s", path, i+1, line)
			}
		}
	}
}

// Each recording rule saves a second alert from saying the same again.
func TestWhatIsRecordedIsUsedTwice(t *testing.T) {
	t.Parallel()
	uses := map[string]int{}
	for _, a := range alerts(t) {
		for _, s := range rulefile.Selectors(parse(t, a)) {
			uses[s.Name]++
		}
	}
	for _, r := range rules(t) {
		if r.Record != "" && uses[r.Record] < 2 {
			t.Errorf("%s is used %d times", r.Record, uses[r.Record])
		}
	}
}

const runbooks = "https://github.com/aiosai/aipass-exporter/blob/main/docs/runbooks.md#"

// Every alert has its section in docs/runbooks.md, with a command; every section
// is an alert's. That the programs take the commands is tested with the programs.
func TestEveryAlertHasItsRunbook(t *testing.T) {
	t.Parallel()
	page := read(t, "../../docs/runbooks.md")
	parts := strings.Split(page, "\n## ")[1:]
	var want, got []string
	for _, a := range alerts(t) {
		want = append(want, a.Alert)
		if url := a.Annotations["runbook_url"]; url != runbooks+strings.ToLower(a.Alert) {
			t.Errorf("%s has the runbook %s", a.Alert, url)
		}
	}
	for _, part := range parts {
		name, text, _ := strings.Cut(part, "\n")
		got = append(got, name)
		for _, must := range []string{"\n**Means:** ", "\n**Look:** ", "\n**Do:** ", "\n    "} {
			if !strings.Contains(text, must) {
				t.Errorf("runbook of %s has no %q", name, must)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-alerts +runbooks:\n%s", diff)
	}
}
