package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed plainlogs.py
var plainLogs []byte

// What the contestants in counting log messages are called.
const (
	firstCount = "first count"
	ripgrep    = "rg -c"
	loop       = "plainlogs.py"
	readLogs   = "cat of the logs"
	nextCount  = "next count, 1 MB more"
	quietCount = "next count, nothing more"
	statAndCat = "stat, and cat of 1 MB"
)

func logLineup() []string {
	return []string{nothing, firstCount, ripgrep, loop, readLogs, nextCount, statAndCat, quietCount, statOfFiles}
}

// alternatives are what rg has to look for: the same levels, where no other
// text can have them.
const alternatives = ` - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - `

// logTrack is a host with nothing but logs, and what else is needed.
type logTrack struct {
	host, logs         string
	list               string // the logs, for xargs
	more               string // a megabyte of log
	script, state, out string
	files              int
	megabytes          int
}

// logShape is how much log there is, and in how many files.
type logShape struct{ megabytes, files int }

func prepareLogs(dir string, shape logShape) (logTrack, error) {
	t := logTrack{
		host: filepath.Join(dir, "host"), logs: filepath.Join(dir, "host", "branch", "logs"),
		list: filepath.Join(dir, "logs"), more: filepath.Join(dir, "more"),
		script: filepath.Join(dir, "plainlogs.py"), state: filepath.Join(dir, "state"), out: filepath.Join(dir, "out"),
		files: shape.files, megabytes: shape.megabytes,
	}
	megabyte := someLog(1e6)
	err := errors.Join(
		os.MkdirAll(t.logs, 0o700), os.Mkdir(t.out, 0o700),
		os.WriteFile(filepath.Join(t.host, "AIPASS_REGISTRY.json"), []byte(`{"branches": [{"name": "BRANCH", "path": "branch"}]}`), 0o600),
		os.WriteFile(t.script, plainLogs, 0o600),
		os.WriteFile(t.more, megabyte, 0o600),
	)
	for i := range shape.files {
		err = errors.Join(err, writeLog(filepath.Join(t.logs, fmt.Sprintf("module_%03d.log", i)), megabyte, shape.megabytes*1_000_000/shape.files))
	}
	if err != nil {
		return logTrack{}, err
	}
	_, err = listFiles(t.logs, t.list, "")
	syscall.Sync()
	return t, err
}

// writeLog writes so many bytes, of which the last may be half a line.
func writeLog(path string, megabyte []byte, size int) error {
	f, err := os.Create(path)
	for ; err == nil && size > 0; size -= len(megabyte) {
		_, err = f.Write(megabyte[:min(size, len(megabyte))])
	}
	return errors.Join(err, f.Close())
}

// someLog is about as much of what AIPass writes: mostly that all is well, and now and then a
// traceback.
func someLog(size int) []byte {
	var text strings.Builder
	levels := [...]string{"INFO", "INFO", "DEBUG", "INFO", "WARNING", "INFO", "INFO", "ERROR", "INFO", "INFO"}
	for i := 0; text.Len() < size; i++ {
		level := levels[i%len(levels)]
		fmt.Fprintf(&text, "2026-03-06 %02d:%02d:%02d - captured_ai_mail - %s - [ai_mail] message %d of a log that is as long as it takes\n",
			i/3600%24, i/60%60, i%60, level, i)
		if level == "ERROR" && i%100 == 7 {
			text.WriteString("Traceback (most recent call last):\n  File \"ai_mail.py\", line 7, in deliver\nValueError: CRITICAL\n")
		}
	}
	return []byte(text.String())
}

// settled is the age from which on what has been written is taken for quiet.
const settled = 4 * time.Second

// logContestants: what has been counted is forgotten after a first count, and
// there is a megabyte more after one that goes on.
func logContestants(p programs, t logTrack) []contestant {
	collect := []string{p.exporter, "collect", "--aipass.home=" + t.host, "--state.dir=" + t.state, "--output=" + filepath.Join(t.out, "aipass.prom")}
	share := strconv.Itoa(1_000_000 / t.files)
	grow := []string{"sh", "-c", `xargs -0 -a "$0" -I LOG sh -c 'head -c "$1" "$2" >>"$0"' LOG "$1" "$2"`, t.list, share, t.more}
	return []contestant{
		{name: nothing, argv: []string{"true"}},
		{name: firstCount, argv: collect, afterwards: []string{"rm", "-r", t.state}},
		{name: ripgrep, argv: []string{"rg", "-c", alternatives, t.logs}},
		{name: loop, argv: []string{"xargs", "-0", "-a", t.list, "python3", t.script}},
		{name: readLogs, argv: []string{"xargs", "-0", "-a", t.list, "cat"}},
		{name: nextCount, argv: collect, afterwards: grow},
		{name: statAndCat, argv: []string{"sh", "-c", `xargs -0 -a "$0" stat --format=%Y && exec cat "$1"`, t.list, t.more}},
		{name: quietCount, argv: collect, afterwards: []string{"sleep", strconv.Itoa(int(settled.Seconds()))}},
		{name: statOfFiles, argv: []string{"xargs", "-0", "-a", t.list, "stat", "--format=%Y"}},
	}
}

// A logRound is the comparison on one shape of logs.
type logRound struct {
	logShape
	results map[string]result
}

func compareLogs(p programs, shape logShape, runs int) (r logRound, err error) {
	dir, err := os.MkdirTemp("", "aipass-compare-")
	if err != nil {
		return logRound{}, err
	}
	defer os.RemoveAll(dir)
	t, err := prepareLogs(dir, shape)
	if err != nil {
		return logRound{}, err
	}
	if err := forgetPeak(); err != nil {
		return logRound{}, err
	}
	r = logRound{shape, map[string]result{}}
	for _, c := range logContestants(p, t) {
		if r.results[c.name], err = c.compete(runs); err != nil {
			return logRound{}, err
		}
	}
	return r, nil
}

// parseShapes: each amount of log in one file, and in many.
func parseShapes(list string) ([]logShape, error) {
	var shapes []logShape
	for text := range strings.SplitSeq(list, ",") {
		megabytes, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || megabytes < 0 {
			return nil, fmt.Errorf("logs: %q is no number of megabytes", text)
		}
		if megabytes > 0 {
			shapes = append(shapes, logShape{megabytes, 1}, logShape{megabytes, manyLogs})
		}
	}
	return shapes, nil
}

const manyLogs = 300

func compareCounting(p programs, shapes []logShape, runs int) ([]logRound, error) {
	var rounds []logRound
	for _, shape := range shapes {
		r, err := compareLogs(p, shape, runs)
		if err != nil {
			return nil, fmt.Errorf("%d MB in %d logs: %w", shape.megabytes, shape.files, err)
		}
		rounds = append(rounds, r)
	}
	return rounds, nil
}
