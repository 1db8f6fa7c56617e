package main

import (
	"bufio"
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

//go:embed plain.py
var plainScript []byte

// A track is a generated host and everything else that the contestants need.
type track struct {
	host              string
	list              string // the host's files, for xargs
	files             int
	script, scriptOut string
	firstOut, nextOut string // directories of metrics
	state             string
	actionsState      string
	runState, runOut  string
	inboxes           string // those of the files that are, for xargs
	laid              time.Time
}

func prepare(dir string, branches int, now time.Time) (track, error) {
	t := track{
		host:      filepath.Join(dir, "host"),
		list:      filepath.Join(dir, "files"),
		script:    filepath.Join(dir, "plain.py"),
		scriptOut: filepath.Join(dir, "plain.prom"),
		firstOut:  filepath.Join(dir, "first"),
		nextOut:   filepath.Join(dir, "next"),
		state:     filepath.Join(dir, "state"),
		inboxes:   filepath.Join(dir, "inboxes"),
		laid:      now,

		actionsState: filepath.Join(dir, "actions"),
		runState:     filepath.Join(dir, "run"),
		runOut:       filepath.Join(dir, "textfiles"),
	}
	for _, d := range []string{t.firstOut, t.nextOut, t.state, t.runOut} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return track{}, err
		}
	}
	if err := os.WriteFile(t.script, plainScript, 0o600); err != nil {
		return track{}, err
	}
	if err := demohost.Generate(t.host, branches, now); err != nil {
		return track{}, err
	}
	var err error
	if t.files, err = listFiles(t.host, t.list, ""); err != nil {
		return track{}, err
	}
	_, err = listFiles(t.host, t.inboxes, "inbox.json")
	// Else whoever comes first and syncs a file of its own waits for the host's.
	syscall.Sync()
	return t, err
}

// listFiles writes the paths that an exporter has to look at, with NUL after
// each, or only those of one name. A generated host has little else: mailbox
// locks are not looked at.
func listFiles(host, list, only string) (count int, err error) {
	f, err := os.Create(list)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	paths := bufio.NewWriter(f)
	err = filepath.WalkDir(host, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == ".inbox.lock" {
			return err
		}
		if only != "" && entry.Name() != only {
			return nil
		}
		count++
		_, err = paths.WriteString(path + "\x00")
		return err
	})
	return count, errors.Join(err, paths.Flush())
}

// countSamples counts the lines of the metrics in dir that are no comments.
func countSamples(dir string) (samples int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.prom"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		n, err := countLines(file)
		if err != nil {
			return 0, err
		}
		samples += n
	}
	return samples, nil
}

func countLines(file string) (lines int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		if line := scanner.Text(); line != "" && !strings.HasPrefix(line, "#") {
			lines++
		}
	}
	return lines, scanner.Err()
}
