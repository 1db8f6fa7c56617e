package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The comparison is worth nothing if they do not count the same.
func TestEverybodyCountsTheSame(t *testing.T) {
	t.Parallel()
	track, err := prepareLogs(t.TempDir(), logShape{megabytes: 1, files: 1})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(track.logs, "module_000.log"))
	if err != nil {
		t.Fatal(err)
	}
	want, errors := len(regexp.MustCompile(alternatives).FindAll(text, -1)), bytes.Count(text, []byte(" - ERROR - "))
	for _, c := range logContestants(programs{}, track) {
		switch c.name {
		case ripgrep:
			if out := output(t, c.argv); out != track.logs+"/module_000.log:"+strconv.Itoa(want) && out != strconv.Itoa(want) {
				t.Errorf("rg counts %s, want %d", out, want)
			}
		case loop:
			if out := output(t, c.argv); !strings.Contains(out, "'ERROR': "+strconv.Itoa(errors)) {
				t.Errorf("plainlogs.py counts %s, want %d errors", out, errors)
			}
		}
	}
}

func output(t *testing.T, argv []string) string {
	t.Helper()
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v (make test-deps)\n%s", argv, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestLogMarkdown(t *testing.T) {
	t.Parallel()
	results := map[string]result{}
	for i, name := range logLineup() {
		results[name] = result{wall: time.Duration(1<<i) * time.Millisecond, peak: 1e6}
	}
	got := logMarkdown([]logRound{{logShape{500, 300}, results}})
	want := `| logs | 500 MB |
|---|--:|
| files | 300 |
| nothing | 1.0 ms, 1.0 MB |
| first count | 2.0 ms, 1.0 MB |
| rg -c | 4.0 ms, 1.0 MB |
| plainlogs.py | 8.0 ms, 1.0 MB |
| cat of the logs | 16.0 ms, 1.0 MB |
| next count, 1 MB more | 32.0 ms, 1.0 MB |
| stat, and cat of 1 MB | 64.0 ms, 1.0 MB |
| next count, nothing more | 128.0 ms, 1.0 MB |
| stat | 256.0 ms, 1.0 MB |
| first count ÷ rg -c | 0.50 |
| plainlogs.py ÷ first count | 4.00 |
| plainlogs.py ÷ cat of the logs | 0.50 |
| next count, 1 MB more ÷ stat, and cat of 1 MB | 0.50 |
| next count, nothing more ÷ stat | 0.50 |
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
