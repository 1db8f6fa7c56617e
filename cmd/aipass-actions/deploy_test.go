package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

// Whatever is shipped to start the program gives it a command line that it
// takes.
func TestShippedCommandLinesAreTaken(t *testing.T) {
	t.Parallel()
	shipped := regexp.MustCompile(`(?m)/aipass-actions ([a-z][^>\n]*)`)
	for pattern, want := range map[string]int{"systemd/*.service": 3, "cron/*.crontab": 3} {
		files, err := filepath.Glob(filepath.Join("..", "..", "deploy", pattern))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range shipped.FindAllSubmatch(bytes.ReplaceAll(text, []byte("aipass-actions/"), nil), -1) {
				found++
				if _, err := program().Parse(strings.Fields(string(m[1])), clitest.System(), io.Discard, io.Discard); err != nil {
					t.Errorf("%s: %s: %v", file, m[1], err)
				}
			}
		}
		if found != want {
			t.Errorf("%s: %d command lines, want %d", pattern, found, want)
		}
	}
}
