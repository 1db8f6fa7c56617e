package pages

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/crontabtest"
)

// started are the pages whose commands are run, each from its top to its end on
// a host of its own, with what their readers have done before.
var started = []struct {
	path   string
	root   bool // its reader is root, else AIPass's own user
	before []string
}{
	{path: "README.md"},
	{path: "docs/no-daemon.md"},
	{path: "docs/prometheus.md", root: true},
	{path: "docs/growing.md", root: true, before: []string{
		"install -D -m 644 -t /etc/systemd/system deploy/systemd/aipass-actions-webhook.service",
		"echo secret >remote-write.password",
	}},
	{path: "docs/troubleshooting.md", before: []string{
		"aipass-actions run --aipass.home=/home/aipass",
		"aipass-exporter collect --aipass.home=/home/aipass --textfile.directory=/var/lib/prometheus/node-exporter",
	}},
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
				s := newSession(t)
				if page.root {
					s.reader = "/root"
				}
				s.run(page.before)
				s.read(named(t, page.path))
			}
		})
	}
}

// read does what a page shows.
func (s *session) read(p page) {
	s.t.Helper()
	for _, b := range p.blocks() {
		switch b.language {
		case shell:
			s.run(b.lines)
		case cron:
			s.run(commandsOf(s.t, b.lines))
		case config:
			s.hasConfig(b.lines)
		case output:
			s.hasSaid(b.lines)
		}
	}
}

// What root starts of ours asks for root's state and root's crontab.
func TestRootLeavesOurProgramsToAIPassesUser(t *testing.T) {
	t.Parallel()
	for _, page := range started {
		for _, b := range named(t, page.path).blocks() {
			for _, line := range b.lines {
				if page.root && b.language == shell && strings.HasPrefix(line, "aipass-") && !strings.HasPrefix(line, "aipass-exporter lint ") {
					t.Errorf("%s: %s", page.path, line)
				}
			}
		}
	}
}

// A look without the jobs' state has no counts of log messages.
func TestNoPageReplacesTheTextfileOfTheJobsByOneThatKnowsLess(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, b := range p.blocks() {
			for _, line := range b.lines {
				if strings.Contains(line, "aipass-exporter collect ") && strings.Contains(line, "--textfile.directory=/var/") && !strings.Contains(line, "--state.dir=") {
					t.Errorf("%s: %s", p.path, line)
				}
			}
		}
	}
}
