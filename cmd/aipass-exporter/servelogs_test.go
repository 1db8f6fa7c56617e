package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

// scraped is what a server says of messages of a level, of all branches, 0 if it
// says nothing.
func scraped(t *testing.T, s *clitest.Server, level string) (lines, counted int) {
	t.Helper()
	_, _, body := get(t, clitest.NewClient(), "http://"+s.Address+"/metrics")
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "aipass_log_messages_total{") && strings.Contains(line, `level="`+level+`"`) {
			lines++
			if !strings.HasSuffix(line, " 0\n") {
				counted++
			}
		}
	}
	return lines, counted
}

func TestServeCountsLogMessagesFromItsStartOn(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	if lines, counted := scraped(t, s, "info"); lines == 0 || counted != 0 {
		t.Errorf("%d of %d series have counted what was there before", counted, lines)
	}
}

func TestServeKeepsItsCountsInAStateDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	s := startServer(t, "--state.dir="+dir)
	lines, counted := scraped(t, s, "info")
	if lines == 0 || counted == 0 {
		t.Errorf("%d of %d series have counted something", counted, lines)
	}
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
	if _, err := os.Stat(filepath.Join(dir, "logs.json")); err != nil {
		t.Error(err)
	}
}
