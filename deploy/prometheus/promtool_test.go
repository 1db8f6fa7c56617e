package prometheus

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// promtool runs Debian's. Without it nothing is known of the rules: that is a
// failure.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatalf("%v: install prometheus (make test-deps)", err)
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestPromtoolAcceptsRules(t *testing.T) {
	t.Parallel()
	promtool(t, append([]string{"check", "rules", "--lint=all", "--lint-fatal"}, glob(t, "rules/*.yml")...)...)
}

func TestPromtoolAcceptsConfigs(t *testing.T) {
	t.Parallel()
	for _, config := range glob(t, "prometheus*.yml") {
		promtool(t, "check", "config", config)
	}
}

func TestRulesDoWhatTheirTestsSay(t *testing.T) {
	t.Parallel()
	for _, file := range glob(t, "tests/*_test.yml") {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			promtool(t, "test", "rules", file)
		})
	}
}

// Retention is no setting: who copies a configuration has to learn of the flag.
func TestConfigsSayHowLongSamplesAreKept(t *testing.T) {
	t.Parallel()
	for _, config := range glob(t, "prometheus*.yml") {
		if text := read(t, config); !strings.Contains(text, "--storage.tsdb.retention.time=7d") {
			t.Errorf("%s does not say that samples are kept for seven days", config)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
