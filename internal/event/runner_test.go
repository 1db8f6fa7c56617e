package event

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recorder is a program that writes what it was given, and where and with what
// environment, to the file that its first argument names.
const recorder = `
import json, os, sys
with open(sys.argv[1], "a") as f:
    print(json.dumps([sys.argv[2:], os.getcwd(), sorted(os.environ), sys.stdin.read()]), file=f)
`

// A recorded is one start of it.
type recorded struct {
	Argv  []string
	Dir   string
	Env   []string
	Stdin string
}

func (r *recorded) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&r.Argv, &r.Dir, &r.Env, &r.Stdin})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// runner has a command and what the log says of it. Commands have minutes, for
// the machine can be busy.
func runner(t *testing.T, command string) (*Runner, *bytes.Buffer) {
	t.Helper()
	c, err := Parse(command)
	must(t, err)
	var log bytes.Buffer
	return &Runner{Command: c, Timeout: 2 * time.Minute, Most: DefaultMost, Dir: t.TempDir(), Log: slog.New(slog.NewJSONHandler(&log, nil))}, &log
}

// recording is a command that records.
func recording(t *testing.T, rest string) (command, file string) {
	t.Helper()
	dir := t.TempDir()
	file = filepath.Join(dir, "recorded")
	must(t, os.WriteFile(filepath.Join(dir, "recorder.py"), []byte(recorder), 0o600))
	return fmt.Sprintf("python3 -I %s %s %s", quote(filepath.Join(dir, "recorder.py")), quote(file), rest), file
}

func read(t *testing.T, file string) (all []recorded) {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	for line := range strings.Lines(string(text)) {
		var r recorded
		must(t, json.Unmarshal([]byte(line), &r))
		all = append(all, r)
	}
	return all
}

func TestTheCommandGetsTheWordsOfEachEvent(t *testing.T) {
	t.Parallel()
	command, file := recording(t, "fire {event} {fields} {json}")
	r, log := runner(t, command)
	hostile := Event{"second", []Field{Text("k", "--x 'y'\n$(id) `id` {fields}")}}
	if !r.Fire(t.Context(), memory) || !r.Fire(t.Context(), hostile) {
		t.Fatalf("it failed: %s", log)
	}
	got := read(t, file)
	want := [][]string{
		{"fire", "memory_threshold_exceeded", "branch=DRONE", "line_count=612", `{"branch": "DRONE", "line_count": 612}`},
		{"fire", "second", "k=--x 'y' $(id) `id` {fields}", "{\"k\": \"--x 'y' $(id) `id` {fields}\"}"},
	}
	if diff := cmp.Diff(want, [][]string{got[0].Argv, got[1].Argv}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(Tally{Told: 2}, r.Tally); diff != "" || log.Len() > 0 {
		t.Errorf("-want +got:\n%s\nlog: %s", diff, log)
	}
}

func TestTheCommandGetsLittleElse(t *testing.T) {
	t.Setenv("SOME_SECRET", "token")
	t.Setenv("AIPASS_HOME", "/home/aipass")
	command, file := recording(t, "")
	r, log := runner(t, command)
	if !r.Fire(t.Context(), memory) {
		t.Fatalf("it failed: %s", log)
	}
	got := read(t, file)[0]
	for name, want := range map[string]bool{"SOME_SECRET": false, "AIPASS_HOME": true, "PATH": true} {
		if slices.Contains(got.Env, name) != want {
			t.Errorf("%s: want %t, it has %v", name, want, got.Env)
		}
	}
	dir, err := filepath.EvalSymlinks(r.Dir)
	must(t, err)
	if got.Dir != dir || got.Stdin != "" {
		t.Errorf("it is in %s with %q on stdin", got.Dir, got.Stdin)
	}
}

func TestAFailureIsALineAndTheNextEventIsTold(t *testing.T) {
	t.Parallel()
	r, log := runner(t, `sh -c 'echo "to[31m\nERROR no $0" >&2; [ $0 = good ]' {event}`)
	if r.Fire(t.Context(), Event{Name: "bad"}) || !r.Fire(t.Context(), Event{Name: "good"}) {
		t.Error("bad is told, or good is not")
	}
	if diff := cmp.Diff(Tally{Told: 1, Failed: 1}, r.Tally); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var line map[string]any
	must(t, json.Unmarshal(log.Bytes(), &line)) // there is one
	delete(line, "time")
	want := map[string]any{
		"level": "WARN", "msg": "event command failed; run it by hand to see why", "event": "bad",
		"err": "exit status 1", "output": "to[31m ERROR no bad",
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAProgramThatIsNotThereIsAFailure(t *testing.T) {
	t.Parallel()
	r, log := runner(t, "no-such-program-as-this {event}")
	if r.Fire(t.Context(), memory) || r.Tally.Failed != 1 || !strings.Contains(log.String(), "executable file not found") {
		t.Errorf("got %+v, log %s", r.Tally, log)
	}
}

func TestOfAFloodTheEndIsKept(t *testing.T) {
	t.Parallel()
	r, log := runner(t, "sh -c 'yes nothing | head -c 20000000; echo why it failed; exit 3'")
	if r.Fire(t.Context(), memory) {
		t.Error("it is told")
	}
	if !strings.Contains(log.String(), `why it failed"`) || log.Len() > kept+500 {
		t.Errorf("%d bytes: %s", log.Len(), log)
	}
}

func TestACommandThatHangsIsKilled(t *testing.T) {
	t.Parallel()
	r, log := runner(t, "sleep 1000000")
	r.Timeout = 50 * time.Millisecond
	if r.Fire(t.Context(), memory) || r.Tally.Failed != 1 || !strings.Contains(log.String(), "killed: not done within 50ms") {
		t.Errorf("got %+v, log %s", r.Tally, log)
	}
}

// All processes of the command hold a pipe open; it ends when none is left.
func TestTheChildrenOfACommandAreKilledWithIt(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "fifo")
	must(t, syscall.Mkfifo(fifo, 0o600))
	pipe, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	must(t, err)
	defer pipe.Close()
	must(t, pipe.SetReadDeadline(time.Now().Add(2*time.Minute)))
	keep, err := os.OpenFile(fifo, os.O_WRONLY, 0) // until the command has it
	must(t, err)
	r, _ := runner(t, `sh -c 'exec 3>"$0"; trap "" TERM; (sh -c "sleep 1000000" & echo ready >&3; wait) & wait' `+quote(fifo))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fired := make(chan bool)
	go func() { fired <- r.Fire(ctx, memory) }()
	lines := bufio.NewReader(pipe)
	if line, err := lines.ReadString('\n'); line != "ready\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	must(t, keep.Close())
	cancel()
	if <-fired {
		t.Error("it is told")
	}
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("something of it lives on: %v %q", err, rest)
	}
}

// What a command leaves running on purpose holds up nobody.
func TestACommandMayLeaveSomethingRunning(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	r, log := runner(t, `sh -c 'sleep 1000000 & echo $! >"$0"' `+quote(pid))
	if !r.Fire(t.Context(), memory) {
		t.Errorf("it failed: %s", log)
	}
	text, err := os.ReadFile(pid)
	must(t, err)
	var left int
	_, err = fmt.Sscan(string(text), &left)
	must(t, err)
	must(t, syscall.Kill(left, syscall.SIGKILL)) // which it is there for
}

func TestAfterSoManyEventsTheRestIsLeft(t *testing.T) {
	t.Parallel()
	r, log := runner(t, "true")
	r.Most = 2
	for range 5 {
		r.Fire(t.Context(), memory)
	}
	if diff := cmp.Diff(Tally{Told: 2, Left: 3}, r.Tally); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "more than 2 events") {
		t.Errorf("%d lines:\n%s", n, log)
	}
}

// One that hangs each time must not hold the run up each time.
func TestACommandThatAlwaysFailsIsGivenUp(t *testing.T) {
	t.Parallel()
	r, log := runner(t, "sh -c '[ $0 = good ]' {event}")
	for name := range strings.FieldsSeq("bad bad good bad bad bad good good") {
		r.Fire(t.Context(), Event{Name: name})
	}
	if diff := cmp.Diff(Tally{Told: 1, Failed: 5, Left: 2}, r.Tally); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, log)
	}
}

func TestAfterTheRunIsOverNothingStarts(t *testing.T) {
	t.Parallel()
	r, _ := runner(t, "true")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r.Fire(ctx, memory) || r.Tally != (Tally{Left: 1}) {
		t.Errorf("got %+v", r.Tally)
	}
}
