package clitest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/fleettest"
)

func layDemoHost(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(demohost.Lay(ts.MkAbs(args[0]), time.Now()))
}

// ago stands in a file for a time so long before the script runs.
var ago = regexp.MustCompile(`\{\{ago ([-\w]+)( RFC3339)?\}\}`)

// stamp makes {{ago 72h}} the time of then, as AIPass writes it: local, in the
// zone that TZ names in the script; {{ago 72h RFC3339}} is as this program does.
func stamp(ts *testscript.TestScript, _ bool, args []string) {
	zone, err := time.LoadLocation(ts.Getenv("TZ"))
	ts.Check(err)
	now := time.Now().In(zone)
	for _, arg := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(arg), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			stamped := ago.ReplaceAllFunc(data, func(m []byte) []byte {
				found, layout := ago.FindSubmatch(m), time.DateTime
				age, err := time.ParseDuration(string(found[1]))
				ts.Check(err)
				if len(found[2]) > 0 {
					layout = time.RFC3339
				}
				return now.Add(-age).AppendFormat(nil, layout)
			})
			return os.WriteFile(path, stamped, 0o644)
		}))
	}
}

// writeTree lists a tree so that any change to it shows.
func writeTree(ts *testscript.TestScript, _ bool, args []string) {
	root := ts.MkAbs(args[0])
	var list strings.Builder
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content := []byte{}
		if info.Mode().IsRegular() {
			if content, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		fmt.Fprintf(&list, "%s %v %v %x\n", path, info.Mode(), info.ModTime().UnixNano(), sha256.Sum256(content))
		return nil
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(list.String()), 0o644))
}

// normalise takes out what differs from run to run and from machine to machine.
func normalise(replacements []Replacement) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		file := ts.MkAbs(args[0])
		data, err := os.ReadFile(file)
		ts.Check(err)
		text := strings.ReplaceAll(string(data), ts.Getenv("WORK"), "$WORK")
		for _, r := range replacements {
			text = r.Pattern.ReplaceAllString(text, r.With)
		}
		text = strings.TrimSuffix(text, "\n") + "\n" // as every file of a script has it
		ts.Check(os.WriteFile(file, []byte(text), 0o644))
	}
}

func setTimes(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, fleettest.Written, fleettest.Written)
	}))
}

// patience bounds a wait for a command, which has a busy machine to share.
const patience = 20 * time.Second

func await(ts *testscript.TestScript, _ bool, args []string) {
	file, pattern := ts.MkAbs(args[0]), regexp.MustCompile(args[1])
	deadline := time.After(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if data, err := os.ReadFile(file); err == nil && pattern.Match(data) {
			return
		}
		select {
		case <-deadline:
			ts.Fatalf("%s: waited in vain for %s", args[0], args[1])
		case <-tick.C:
		}
	}
}

// exits runs a command that must end with one exit code and no other.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s", got, want, ts.ReadFile("stderr"))
	}
}
