package main

import (
	"bytes"
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
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aiosai/aipass-exporter/internal/fleettest"
)

// safeBuffer is a buffer for a program that writes from several goroutines.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
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

// What differs from run to run and from machine to machine.
var fleeting = regexp.MustCompile(`(?m)^((?:aipass_exporter_build_info\{.*\}|aipass_\w+_duration_seconds(?:\{.*\})?|aipass_mail_message_age_seconds_sum\{.*\}|aipass_exporter_\w+_run_timestamp_seconds|  "taken":) ).*$|version="[^"]*",revision="[^"]*",goversion="[^"]*",goos="[^"]*",goarch="[^"]*"`)

func normalise(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	data, err := os.ReadFile(file)
	ts.Check(err)
	text := strings.ReplaceAll(string(data), ts.Getenv("WORK"), "$WORK")
	text = fleeting.ReplaceAllStringFunc(text, func(s string) string {
		if head, _, ok := strings.Cut(s, "} "); ok {
			name, _, _ := strings.Cut(head, "{")
			if strings.HasSuffix(name, "build_info") {
				return name + "{...} 1"
			}
			return head + "} ..."
		}
		name, _, _ := strings.Cut(s, " ")
		return name + " ..."
	})
	ts.Check(os.WriteFile(file, []byte(text), 0o644))
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
