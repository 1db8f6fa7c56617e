package main

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A round is the comparison on a host of one size.
type round struct {
	branches, files, samples int
	results                  map[string]result
}

func intro(runs int) string {
	return fmt.Sprintf("Median of %d runs after one unseen, %d cores, %s/%s, page cache warm; "+
		"wall time and peak memory of the whole process. "+
		"The first row is `true`: what starting a process takes, and the least memory that can be told.\n\n", runs, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}

// markdown has a column for each round, and one that tells whether time grows
// with the host or faster.
func markdown(rounds []round) string {
	var b strings.Builder
	row(&b, rounds, "branches", func(r round) string { return grouped(r.branches) }, growthTitle(rounds))
	b.WriteString("|---|" + strings.Repeat("--:|", len(rounds)+1) + "\n")
	row(&b, rounds, "files", func(r round) string { return grouped(r.files) }, "")
	row(&b, rounds, "samples", func(r round) string { return grouped(r.samples) }, "")
	for _, name := range lineup() {
		row(&b, rounds, name, func(r round) string { return r.results[name].String() }, growth(rounds, name))
	}
	for _, pair := range [][2]string{
		{firstRun, statOfFiles},
		{nextRun, statOfFiles},
		{plainPython, firstRun},
		{plainPython, nextRun},
		{nothingOld, readInboxes},
		{someOld, readInboxes},
	} {
		row(&b, rounds, pair[0]+" ÷ "+pair[1], func(r round) string {
			return ratio(r.results[pair[0]].wall, r.results[pair[1]].wall)
		}, "")
	}
	b.WriteString(refusals(rounds))
	return b.String()
}

func row(b *strings.Builder, rounds []round, title string, cell func(round) string, last string) {
	fmt.Fprintf(b, "| %s |", title)
	for _, r := range rounds {
		fmt.Fprintf(b, " %s |", cell(r))
	}
	fmt.Fprintf(b, " %s |\n", last)
}

func (r result) String() string {
	switch {
	case r.refused != "":
		return "refused"
	case r.wall == 0:
		return "–"
	}
	return fmt.Sprintf("%.1f ms, %.1f MB", float64(r.wall)/float64(time.Millisecond), float64(r.peak)/1e6)
}

// refusals says why there are cells without times.
func refusals(rounds []round) string {
	var b strings.Builder
	for _, r := range rounds {
		for _, name := range lineup() {
			if why := r.results[name].refused; why != "" {
				fmt.Fprintf(&b, "\n%s refused at %s branches: %s\n", name, grouped(r.branches), why)
			}
		}
	}
	return b.String()
}

func growthTitle(rounds []round) string {
	if len(rounds) < 2 {
		return "growth"
	}
	last, before := rounds[len(rounds)-1], rounds[len(rounds)-2]
	return fmt.Sprintf("per branch, %s ÷ %s", grouped(last.branches), grouped(before.branches))
}

// growth is the time per branch on the last host over that on the one before
// it; 1 is linear.
func growth(rounds []round, name string) string {
	if len(rounds) < 2 {
		return ""
	}
	last, before := rounds[len(rounds)-1], rounds[len(rounds)-2]
	return ratio(last.results[name].wall*time.Duration(before.branches),
		before.results[name].wall*time.Duration(last.branches))
}

func ratio(a, b time.Duration) string {
	if a == 0 || b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

// grouped writes 10000 as 10 000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}
