package main

import (
	"fmt"
	"strings"
	"time"
)

// A goal is a bound of a ratio, of memory or of time, that somebody has set.
type goal struct {
	what  string
	bound float64
	least bool // the bound is from below
	got   func(results map[string]result) float64
}

// maxMemory is what a run may take, in bytes, whatever the host.
const maxMemory = 40 << 20

func quotient(of, by string) func(map[string]result) float64 {
	return func(results map[string]result) float64 {
		return over(results[of].wall, results[by].wall)
	}
}

// over is 0 if one of the two is not known.
func over(of, by time.Duration) float64 {
	if by == 0 {
		return 0
	}
	return float64(of) / float64(by)
}

func memoryOf(names ...string) func(map[string]result) float64 {
	return func(results map[string]result) float64 {
		most := int64(0)
		for _, name := range names {
			most = max(most, results[name].peak)
		}
		return float64(most) / maxMemory
	}
}

func hostGoals() []goal {
	return []goal{
		{nextRun + " ÷ " + statOfFiles, 2, false, quotient(nextRun, statOfFiles)},
		{"peak memory ÷ 40 MiB", 1, false, memoryOf(firstRun, nextRun)},
	}
}

// runGoals are those of a whole run without servers, which are set for hosts of two
// sizes, and are no ratios.
func runGoals(branches int) []goal {
	took := func(most time.Duration) func(map[string]result) float64 {
		return func(results map[string]result) float64 { return over(results[wholeRun].wall, most) }
	}
	switch branches {
	case 30:
		return []goal{
			{wholeRun + " ÷ 150 ms", 1, false, took(150 * time.Millisecond)},
			{wholeRun + ", peak memory ÷ 60 MB", 1, false, func(results map[string]result) float64 {
				return float64(results[wholeRun].peak) / 60e6
			}},
		}
	case 2000:
		return []goal{{wholeRun + " ÷ 2 s", 1, false, took(2 * time.Second)}}
	}
	return nil
}

func logGoals() []goal {
	return []goal{
		{firstCount + " ÷ " + ripgrep, 1, false, quotient(firstCount, ripgrep)},
		{loop + " ÷ " + firstCount, 30, true, quotient(loop, firstCount)},
		{nextCount + " ÷ " + statAndCat, 2, false, quotient(nextCount, statAndCat)},
		{"peak memory ÷ 40 MiB", 1, false, memoryOf(firstCount, nextCount, quietCount)},
	}
}

// maxGrowth is how much longer a branch of the largest host may take than one
// of the host before it.
const maxGrowth = 1.2

// goalsMarkdown is all of it in one table: what the design asks for, and what
// came of it.
func goalsMarkdown(rounds []round, logs []logRound) string {
	var b strings.Builder
	b.WriteString("| goal | where | ratio | |\n|---|---|--:|---|\n")
	for _, r := range rounds {
		where := grouped(r.branches) + " branches"
		for _, g := range append(hostGoals(), runGoals(r.branches)...) {
			g.row(&b, where, g.got(r.results))
		}
	}
	if n := len(rounds); n > 1 {
		last, before := rounds[n-1], rounds[n-2]
		for _, name := range []string{firstRun, nextRun} {
			g := goal{what: name + ", time per branch", bound: maxGrowth}
			g.row(&b, grouped(last.branches)+" ÷ "+grouped(before.branches)+" branches", over(
				last.results[name].wall*time.Duration(before.branches),
				before.results[name].wall*time.Duration(last.branches)))
		}
	}
	for _, r := range logs {
		where := fmt.Sprintf("%s MB in %d", grouped(r.megabytes), r.files)
		for _, g := range logGoals() {
			g.row(&b, where, g.got(r.results))
		}
	}
	return b.String()
}

func (g goal) row(b *strings.Builder, where string, got float64) {
	sign, met := "≤", got <= g.bound
	if g.least {
		sign, met = "≥", got >= g.bound
	}
	verdict := "not met"
	switch {
	case got == 0:
		verdict = "refused"
	case met:
		verdict = "met"
	}
	fmt.Fprintf(b, "| %s %s %v | %s | %.2f | %s |\n", g.what, sign, g.bound, where, got, verdict)
}
