// Package house holds no code. Its test is the map of the house: which package
// stands on which floor, and what it may lean on.
package house

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/aiosai/aipass-exporter/"

// house lists every package with the packages of ours that it may import.
// Arrows point down only. A package that is missing here fails the test, so
// this is also where a stranger looks up what there is.
var house = map[string][]string{
	// 0: files, knowing nothing of AIPass
	"internal/jsonfile":   {},
	"internal/atomicfile": {},
	"internal/statefile":  {"internal/atomicfile"},
	"internal/crontab":    {},
	"internal/event":      {},
	// 1: reading the host; the textfile contract
	"internal/aipass":   {"internal/jsonfile"},
	"internal/textfile": {"internal/atomicfile", "internal/statefile"},
	"internal/mailbox":  {"internal/jsonfile", "internal/aipass"},
	"internal/logscan":  {"internal/jsonfile", "internal/statefile", "internal/aipass"},
	// 1: Prometheus' and Alertmanager's engines, for runs from cron
	"internal/engine":         {},
	"internal/engine/history": {"internal/statefile"},
	"internal/engine/rules":   {"internal/engine", "internal/engine/history"},
	"internal/engine/routing": {"internal/engine"},
	// 0: what is shipped, for who evaluates it
	"deploy/prometheus":   {},
	"deploy/alertmanager": {},
	// 2: the trades
	"collectors":         {"internal/aipass"},
	"actions":            {"internal/aipass"},
	"actions/central":    {"actions", "internal/aipass", "internal/mailbox"},
	"actions/events":     {"actions", "actions/central", "internal/aipass", "internal/event"},
	"actions/summary":    {"actions", "internal/mailbox"},
	"actions/cleanup":    {"internal/jsonfile", "internal/aipass", "internal/mailbox"},
	"actions/recipients": {"internal/aipass"},
	"actions/alerts":     {"actions/recipients", "internal/aipass", "internal/mailbox"},
	"actions/report":     {"actions", "actions/cleanup", "internal/aipass", "internal/jsonfile", "internal/mailbox"},
	"actions/schedule":   {"actions"},
	"actions/ledger":     {"actions", "actions/alerts", "internal/atomicfile", "internal/statefile"},
	"actions/alerting":   {"actions/alerts", "actions/ledger", "actions/webhook", "internal/engine", "internal/engine/history", "internal/engine/routing", "internal/engine/rules", "internal/statefile"},
	"actions/webhook":    {"actions/alerts", "actions/ledger", "actions/recipients", "internal/aipass", "internal/mailbox"},
	"actions/doctor": {
		"actions", "actions/alerts", "actions/cleanup", "actions/ledger", "actions/recipients", "actions/schedule", "actions/webhook",
		"internal/aipass", "internal/crontab", "internal/engine/routing", "internal/mailbox", "internal/statefile", "internal/textfile",
	},
	// 3: flags, wiring, exit codes
	"cmd/internal/cli":  {"internal/aipass"},
	"cmd/internal/look": {"cmd/internal/cli", "collectors", "internal/aipass", "internal/logscan", "internal/statefile", "internal/textfile"},
	"cmd/aipass-exporter": {
		"cmd/internal/cli", "cmd/internal/look", "collectors", "internal/aipass", "internal/textfile",
	},
	"cmd/aipass-actions": {
		"cmd/internal/cli", "cmd/internal/look", "collectors", "actions", "actions/central", "actions/events", "actions/cleanup", "actions/recipients", "actions/alerts", "actions/alerting",
		"actions/ledger", "actions/webhook", "actions/report", "actions/schedule", "actions/doctor", "actions/summary", "deploy/prometheus", "deploy/alertmanager",
		"internal/engine", "internal/engine/history", "internal/engine/rules", "internal/engine/routing", "internal/event", "internal/logscan",
		"internal/crontab", "internal/aipass", "internal/mailbox", "internal/statefile", "internal/textfile",
	},
	// beside the house: for tests, demonstrations and measurements
	"internal/demohost":         {},
	"internal/fleettest":        {},
	"internal/servertest":       {},
	"internal/checkouttest":     {},
	"internal/nodeexportertest": {"internal/servertest"},
	"internal/metricspage":      {},
	"internal/crontabtest":      {},
	"cmd/internal/clitest":      {"cmd/internal/cli", "internal/demohost", "internal/fleettest"},
	"grafana":                   {},
	"grafana/dashboard":         {},
	"test/dashfmt":              {"grafana/dashboard"},
	"test/preview":              {},
	"test/layhost":              {"internal/demohost"},
	"test/compare":              {"internal/demohost"},
	"test/rulefile":             {},
	"test/mutate":               {"test/rulefile"},
	"deploy":                    {},
	"test/stack":                {},
	"test/pages":                {},
	"test/demoday": {
		"collectors", "actions", "actions/alerts", "actions/cleanup", "actions/ledger", "actions/recipients", "actions/webhook",
		"internal/aipass", "internal/demohost", "internal/logscan", "internal/mailbox",
		"internal/engine", "internal/engine/history", "internal/engine/routing", "internal/engine/rules",
	},
	"test/dist": {},
}

// floors that outside packages are kept to.
var outside = map[string][]string{
	"github.com/alecthomas/kingpin":           {"cmd/", "test/"},
	"github.com/prometheus/exporter-toolkit":  {"cmd/"},
	"github.com/prometheus/client_golang":     {"cmd/", "collectors", "actions", "internal/textfile", "test/"},
	"github.com/prometheus/client_model":      {"collectors", "internal/textfile", "actions/doctor"},
	"github.com/prometheus/common":            {"cmd/", "collectors", "actions", "internal/textfile", "internal/engine", "test/"},
	"github.com/rogpeppe/go-internal":         {"cmd/internal/clitest", "internal/fleettest"},
	"github.com/prometheus/prometheus":        {"internal/engine", "test/"},
	"github.com/prometheus/alertmanager":      {"internal/engine"},
	"github.com/fsnotify":                     {}, // never a watcher
	"testing":                                 {"cmd/internal/clitest", "internal/checkouttest", "internal/crontabtest", "internal/fleettest", "internal/metricspage", "internal/nodeexportertest", "internal/servertest"},
	"net/http/pprof":                          {},
	"os/exec":                                 {"internal/crontab", "internal/event", "internal/checkouttest", "internal/servertest", "cmd/internal/clitest", "internal/metricspage", "test/"},
	"expvar":                                  {},
	"github.com/prometheus/client_golang/api": {},
}

// The exporter is read-only by construction: whatever it is built of can reach
// neither the hands, nor the engines, nor what lays hosts out.
var (
	readOnly    = []string{"collectors", "cmd/internal/cli", "cmd/internal/look", "cmd/aipass-exporter"}
	unreachable = []string{
		"internal/mailbox", "internal/crontab", "internal/engine", "internal/engine/history", "internal/engine/rules", "internal/engine/routing", "internal/demohost",
		"actions", "actions/central", "actions/events", "actions/cleanup", "actions/recipients", "actions/alerts", "actions/alerting", "actions/ledger", "actions/webhook", "actions/report", "actions/schedule", "actions/summary",
		"internal/event",
	}
)

func TestArrowsPointDown(t *testing.T) {
	imports := packages(t)
	for pkg, imported := range imports {
		allowed, known := house[pkg]
		if !known {
			t.Errorf("%s is not on the map: give it a floor", pkg)
			continue
		}
		for _, path := range imported {
			if ours, is := strings.CutPrefix(path, module); is && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which is not below it", pkg, ours)
			}
		}
	}
	for pkg := range house {
		if _, exists := imports[pkg]; !exists {
			t.Errorf("%s is on the map and does not exist", pkg)
		}
	}
}

func TestOutsidePackagesKeepToTheirFloors(t *testing.T) {
	for pkg, imported := range packages(t) {
		for _, path := range imported {
			for prefix, floors := range outside {
				if path != prefix && !strings.HasPrefix(path, prefix+"/") {
					continue
				}
				if !slices.ContainsFunc(floors, func(f string) bool { return strings.HasPrefix(pkg, f) }) {
					t.Errorf("%s imports %s, which may stand only in %v", pkg, path, floors)
				}
			}
		}
	}
}

func TestExporterCannotReachTheHands(t *testing.T) {
	imports := packages(t)
	for _, pkg := range readOnly {
		for reached := range reach(imports, pkg) {
			if slices.ContainsFunc(unreachable, func(u string) bool { return reached == u || strings.HasPrefix(reached, u+"/") }) {
				t.Errorf("%s reaches %s", pkg, reached)
			}
		}
	}
}

// reach is what a package imports, directly or not.
func reach(imports map[string][]string, pkg string) map[string]bool {
	seen := map[string]bool{pkg: true}
	for queue := []string{pkg}; len(queue) > 0; queue = queue[1:] {
		for _, path := range imports[queue[0]] {
			if ours, is := strings.CutPrefix(path, module); is && !seen[ours] {
				seen[ours] = true
				queue = append(queue, ours)
			}
		}
	}
	return seen
}

// packages lists ours, without this one, each with what it imports.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if pkg, is := strings.CutPrefix(words[0], module); is {
			imports[pkg] = words[1:]
		}
	}
	if len(imports) < len(house)/2 {
		t.Fatalf("go list found only %v", slices.Collect(maps.Keys(imports)))
	}
	return imports
}
