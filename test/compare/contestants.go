package main

import (
	"os/exec"
	"slices"
	"time"
)

// What the contestants are called in the table.
const (
	nothing     = "nothing"
	firstRun    = "first run"
	nextRun     = "next run"
	statOfFiles = "stat"
	plainPython = "plain.py"
	readInboxes = "cat of the inboxes"
	nothingOld  = "cleanup, nothing stale"
	someOld     = "cleanup, 1 % of branches"
)

// lineup is all of them, in the order of the table.
func lineup() []string {
	return []string{nothing, firstRun, nextRun, statOfFiles, plainPython, readInboxes, nothingOld, someOld}
}

// A contestant is a command that does the job, or part of it.
type contestant struct {
	name string
	argv []string
	// staleBefore adds --stale-new, so that mail sent before is stale, and no
	// other however long the comparison takes.
	staleBefore time.Time
	// afterwards puts back, unseen, what the command did.
	afterwards []string
	// mayRefuse: its failure is a result like any other. An exporter that keeps
	// no state has no next run that differs from the first.
	mayRefuse bool
}

// A result is what became of a contestant in a round.
type result struct {
	wall    time.Duration
	peak    int64  // resident memory in bytes
	refused string // why there is no time
}

// programs are those to be measured.
type programs struct{ exporter, actions string }

func contestants(p programs, t track) []contestant {
	home := "--aipass.home=" + t.host
	return []contestant{
		{
			name: nothing,
			argv: []string{"true"},
		},
		{
			name: firstRun,
			argv: []string{p.exporter, "collect", home, "--textfile.directory=" + t.firstOut},
		},
		{
			name:      nextRun,
			argv:      []string{p.exporter, "collect", home, "--textfile.directory=" + t.nextOut, "--state.dir=" + t.state},
			mayRefuse: true,
		},
		{
			name: statOfFiles,
			argv: []string{"xargs", "-0", "-a", t.list, "stat", "--format=%Y"},
		},
		{
			name: plainPython,
			argv: []string{"python3", t.script, t.host, t.scriptOut},
		},
		{
			name: readInboxes,
			argv: []string{"xargs", "-0", "-a", t.inboxes, "cat"},
		},
		{
			name:        nothingOld,
			argv:        cleanup(p, t),
			staleBefore: t.laid.Add(-oldestNew),
		},
		{
			name:        someOld,
			argv:        cleanup(p, t),
			staleBefore: t.laid.Add(-oldestNew + oldestNew/newLetters/oneIn),
			// What has been put back would be left alone the next time. On a small
			// host there may be nothing to put back.
			afterwards: []string{"sh", "-c", `ls "$2"/journal/* >/dev/null 2>&1 || exit 0; "$0" undo "$1" --state.dir="$2" && rm "$2/scheduled_state.json"`, p.actions, home, t.actionsState},
		},
	}
}

// What a generated host is like: new mail is of any age up to the oldest, so
// that a slice of time that thin has a letter of one branch in a hundred.
const (
	oldestNew  = 52 * time.Hour
	newLetters = 10 // of a branch, on average
	oneIn      = 100
)

func cleanup(p programs, t track) []string {
	return []string{p.actions, "cleanup", "--aipass.home=" + t.host, "--state.dir=" + t.actionsState, "--close-opened=9000h"}
}

// command is what to run now.
func (c contestant) command() []string {
	if c.staleBefore.IsZero() {
		return c.argv
	}
	return append(slices.Clip(c.argv), "--stale-new="+time.Since(c.staleBefore).String())
}

func (c contestant) putBack() error {
	if c.afterwards == nil {
		return nil
	}
	return exec.Command(c.afterwards[0], c.afterwards[1:]...).Run()
}

func (c contestant) compete(runs int) (result, error) {
	wall, peak, err := measure(c, runs)
	if err != nil && c.mayRefuse {
		return result{refused: err.Error()}, nil
	}
	return result{wall: wall, peak: peak}, err
}
