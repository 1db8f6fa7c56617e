package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"aipass-exporter": main})
}

// The scripts run the real main in a process of its own. Commands beside
// testscript's: demohost DIR lays the demo host; tree DIR FILE lists what is
// below a directory, contents and times included; normal FILE takes out what
// differs from run to run; times DIR gives a fleet its modification times;
// exits CODE COMMAND runs what must end with just that code.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "nobody"))
			env.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demohost": layDemoHost,
			"tree":     writeTree,
			"normal":   normalise,
			"times":    setTimes,
			"exits":    exits,
		},
	})
}

func layDemoHost(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(demohost.Lay(ts.MkAbs(args[0]), time.Now()))
}

func TestRunTellsAnUnknownCommandFromAFailure(t *testing.T) {
	t.Parallel()
	sys := system{func(string) string { return "" }, func() (string, error) { return t.TempDir(), nil }}
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
			var out, errs safeBuffer
			if got := run(context.Background(), row.args, sys, &out, &errs); got != row.want {
				t.Errorf("exit code %d, want %d\n%s", got, row.want, errs.String())
			}
		})
	}
}
