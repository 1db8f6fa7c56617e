package main

import (
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

// Whatever is shipped to start the program gives it a command line that it
// takes.
func TestShippedCommandLinesAreTaken(t *testing.T) {
	t.Parallel()
	clitest.TakesShippedCommandLines(t, program(), map[string]int{"systemd/*.service": 2})
}
