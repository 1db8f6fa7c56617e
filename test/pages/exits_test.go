package pages

import (
	"slices"
	"testing"
)

// exits are the lines that end with another exit code than 0, for the demo host
// has sick branches.
var exits = map[string]int{
	"aipass-exporter check --aipass.home=/home/aipass --aipass.path-map=/srv/aipass=/home/aipass": 1,
	"aipass-actions doctor --aipass.home=/home/aipass":                                            1,
	"aipass-actions doctor --aipass.home=/home/aipass --send-test=@drone":                         1,
	asAIPass + "aipass-actions doctor --aipass.home=/home/aipass --textfile.directory=/var/lib/prometheus/node-exporter --node-exporter.url=http://localhost:9100 --prometheus.url=http://localhost:9090 --alertmanager.url=http://localhost:9093 --webhook.url=http://localhost:10148 --token-file=/etc/aipass-actions.token": 1,
	"aipass-exporter check --aipass.home=/home/aipass":        1,
	"aipass-actions run --dry-run --aipass.home=/home/aipass": 1,
	"aipass-actions run --aipass.home=/home/aipass":           1,
	"aipass-actions cron show --aipass.home=/home/aipass":     1, // on the page for when there is none
	asAIPass + "aipass-actions run --aipass.home=/home/aipass --textfile.directory=/var/lib/prometheus/node-exporter --skip=evaluate,notify": 1,
	"aipass-actions run --dry-run --aipass.home=/home/aipass --rules='/home/aipass/rules/*.yml'":                                             1,
}

// What is said of a line that no page has any more says nothing.
func TestEveryExceptionIsOnAPage(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, page := range started {
		for _, b := range named(t, page.path).blocks() {
			for _, line := range b.lines {
				lines = append(lines, bare(line))
			}
		}
	}
	for line := range exits {
		if !slices.Contains(lines, line) {
			t.Errorf("exit code: %s", line)
		}
	}
	for line := range standIns {
		if !slices.Contains(lines, line) {
			t.Errorf("done otherwise: %s", line)
		}
	}
}
