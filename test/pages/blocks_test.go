package pages

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

// started are the pages whose commands are run, each from its top to its end on
// a host of its own, with what their readers have done before.
var started = []struct {
	path   string
	before []string
}{
	{path: "README.md"},
	{path: "docs/no-daemon.md"},
	{path: "docs/prometheus.md"},
	{path: "docs/growing.md"},
	{path: "docs/troubleshooting.md", before: []string{"aipass-actions run --aipass.home=/home/aipass"}},
	{path: "docs/for-agents.md"},
}

// The languages of blocks. Others would not be tested.
const (
	shell  = "sh"   // is run, line by line
	cron   = "cron" // crontab lines, whose commands are run
	config = "yaml" // a whole configuration of Prometheus
	output = "text" // what the block before said; … stands for lines left out
)

func TestBlocksSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, page := range started {
		for i, b := range named(t, page.path).blocks() {
			if !slices.Contains([]string{shell, cron, config, output}, b.language) {
				t.Errorf("%s: block %d is %q: mark it as %s, %s, %s or %s", page.path, i+1, b.language, shell, cron, config, output)
			}
		}
	}
}

func TestWhatPagesShowRuns(t *testing.T) {
	t.Parallel()
	for _, page := range started {
		t.Run(filepath.Base(page.path), func(t *testing.T) {
			t.Parallel()
			programs(t)
			if crontabtest.Alone(t) {
				runPage(t, page.path, page.before)
			}
		})
	}
}

// runPage runs what a page shows, where crontabs are the test's own.
func runPage(t *testing.T, path string, before []string) {
	t.Helper()
	s := newSession(t)
	s.run(before)
	for _, b := range named(t, path).blocks() {
		switch b.language {
		case shell:
			s.run(b.lines)
		case cron:
			s.run(commandsOf(t, b.lines))
		case config:
			s.hasConfig(b.lines)
		case output:
			s.hasSaid(b.lines)
		}
	}
}
