package clitest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
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
