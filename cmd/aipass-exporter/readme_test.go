package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

// Every command line that the README shows is one that the program takes.
func TestReadmeCommandLinesAreTaken(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`(?m)^    .*?aipass-exporter ((?:collect|serve|check|lint)[^#\n]*)`).FindAllStringSubmatch(string(readme), -1)
	if len(shown) < 5 {
		t.Fatalf("found only %d command lines: %q", len(shown), shown)
	}
	for _, m := range shown {
		line := strings.ReplaceAll(m[1], "/var/lib/prometheus/node-exporter", t.TempDir()) // it must exist
		if _, err := program().Parse(strings.Fields(line), clitest.System(), io.Discard, io.Discard); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
}
