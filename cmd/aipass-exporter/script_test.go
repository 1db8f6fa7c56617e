package main

import (
	"context"
	"regexp"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "aipass-exporter", main) }

// What the clock and the build say differs from run to run and from machine to
// machine.
func TestScripts(t *testing.T) {
	t.Parallel()
	clitest.RunScripts(t,
		clitest.Replacement{Pattern: regexp.MustCompile(`(?m)^(aipass_exporter_build_info)\{.*\} 1$`), With: "$1{...} 1"},
		clitest.Replacement{Pattern: regexp.MustCompile(`(?m)^(aipass_(?:\w+_duration_seconds|mail_message_age_seconds_sum|exporter_\w+_run_timestamp_seconds)(?:\{.*\})?) .*$`), With: "$1 ..."},
		clitest.Replacement{Pattern: regexp.MustCompile(`(?m)^  "taken": .*$`), With: " ..."},
	)
}

func TestRunTellsAnUnknownCommandFromAFailure(t *testing.T) {
	t.Parallel()
	sys := cli.System{Getenv: func(string) string { return "" }, WorkingDir: func() (string, error) { return t.TempDir(), nil }}
	for name, row := range map[string]struct {
		args []string
		want int
	}{
		"no such command": {[]string{"conjure"}, 2},
		"no such flag":    {[]string{"collect", "--no-such-flag"}, 2},
		"no command":      {nil, 2},
		"no such home":    {[]string{"collect", "--aipass.home=/nowhere/at/all"}, 2},
		"empty zone":      {[]string{"collect", "--aipass.home=.", "--aipass.timezone="}, 2},
		"no such zone":    {[]string{"check", "--aipass.home=.", "--aipass.timezone=Europe/Berln"}, 2},
		"half a map":      {[]string{"check", "--aipass.home=.", "--aipass.path-map=/home/aipass"}, 2},
		"map to nowhere":  {[]string{"check", "--aipass.home=.", "--aipass.path-map=/home/aipass=/nowhere"}, 2},
		"no time":         {[]string{"collect", "--aipass.home=.", "--timeout=0s"}, 2},
		"negative age":    {[]string{"collect", "--aipass.home=.", "--mail.stale-new=-1h"}, 2},
		"going backwards": {[]string{"collect", "--aipass.home=.", "--interval=-1h"}, 2},
		"empty output":    {[]string{"collect", "--aipass.home=.", "--output="}, 2},
		"two outputs":     {[]string{"collect", "--aipass.home=.", "--output=x", "--textfile.directory=."}, 2},
		"not its flag":    {[]string{"lint", "--aipass.home=.", "."}, 2},
		"help":            {[]string{"--help"}, 0},
		"version":         {[]string{"--version"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errs clitest.Buffer
			if got := program().Run(context.Background(), row.args, sys, &out, &errs); got != row.want {
				t.Errorf("exit code %d, want %d\n%s", got, row.want, errs.String())
			}
		})
	}
}
