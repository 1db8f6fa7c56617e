// Package clitest runs the scripts of a program: its real main, in a process of
// its own, on hosts that the scripts lay out.
//
// The package is for tests and knows no program: what is one program's own, its
// test hands in.
package clitest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// Main is for a TestMain: scripts know the program by its name.
func Main(m *testing.M, name string, main func()) {
	testscript.Main(m, map[string]func(){name: main})
}

// A Replacement takes out of a file what differs from run to run.
type Replacement struct {
	Pattern *regexp.Regexp
	With    string // as in Regexp.ReplaceAllString
}

// RunScripts runs the scripts in testdata/script. With UPDATE in the
// environment they take what they got for what they want. Commands beside
// testscript's:
//
//	demohost DIR          lays the demo host
//	stamp PATH...         puts times into files: {{ago 72h}} is the local time then, {{ago 72h RFC3339}} the same with its zone
//	tree DIR FILE         lists what is below a directory, contents and times included
//	normal FILE           makes the replacements
//	times DIR             gives a fleet its modification times
//	exits CODE COMMAND    runs what must end with just that code
//	await FILE PATTERN    waits until a file that a background command writes has a match
//
// The condition [root] holds for the one user whom permissions do not stop.
func RunScripts(t *testing.T, replacements ...Replacement) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "nobody"))
			env.Setenv("TZ", "UTC")
			env.Setenv("GORACE", "atexit_sleep_ms=0") // else every program ends a second later under -race
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demohost": layDemoHost,
			"stamp":    stamp,
			"tree":     writeTree,
			"normal":   normalise(replacements),
			"times":    setTimes,
			"exits":    exits,
			"await":    await,
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Geteuid() == 0, nil
		},
	})
}

// System is a program's surroundings without an environment.
func System() cli.System {
	return cli.System{Getenv: func(string) string { return "" }, WorkingDir: os.Getwd}
}

// A Buffer is for a program that writes from several goroutines.
type Buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
