package main

import "time"

// What the contestants are called in the table.
const (
	nothing     = "nothing"
	firstRun    = "first run"
	nextRun     = "next run"
	statOfFiles = "stat"
	plainPython = "plain.py"
)

// lineup is all of them, in the order of the table.
func lineup() []string {
	return []string{nothing, firstRun, nextRun, statOfFiles, plainPython}
}

// A contestant is a command that does the job, or part of it.
type contestant struct {
	name string
	argv []string
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

func contestants(exporter string, t track) []contestant {
	home := "--aipass.home=" + t.host
	return []contestant{
		{
			name: nothing,
			argv: []string{"true"},
		},
		{
			name: firstRun,
			argv: []string{exporter, "collect", home, "--textfile.directory=" + t.firstOut},
		},
		{
			name:      nextRun,
			argv:      []string{exporter, "collect", home, "--textfile.directory=" + t.nextOut, "--state.dir=" + t.state},
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
	}
}

func (c contestant) compete(runs int) (result, error) {
	wall, peak, err := measure(c.argv, runs)
	if err != nil && c.mayRefuse {
		return result{refused: err.Error()}, nil
	}
	return result{wall: wall, peak: peak}, err
}
