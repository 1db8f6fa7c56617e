package main

import (
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

// Every command line that README.md and docs show is one that the program takes.
func TestReadmeCommandLinesAreTaken(t *testing.T) {
	t.Parallel()
	clitest.TakesItsCommandLines(t, program(), 5)
}

func TestConfigurationPageIsTheHelp(t *testing.T) {
	t.Parallel()
	clitest.HasItsFlagsOnThePage(t, program())
}
