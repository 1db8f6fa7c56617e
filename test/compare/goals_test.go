package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGoalsMarkdown(t *testing.T) {
	t.Parallel()
	ms := func(n int) result { return result{wall: time.Duration(n) * time.Millisecond, peak: 20 << 20} }
	small := round{branches: 30, results: map[string]result{firstRun: ms(30), nextRun: {refused: "no state"}, statOfFiles: ms(5), wholeRun: ms(75)}}
	large := round{branches: 2000, results: map[string]result{firstRun: ms(2600), nextRun: ms(500), statOfFiles: ms(250), wholeRun: ms(3000)}}
	logs := logRound{logShape{500, 300}, map[string]result{
		firstCount: ms(100), ripgrep: ms(200), loop: ms(2900), nextCount: {wall: 20 * time.Millisecond, peak: 50 << 20}, statAndCat: ms(10),
	}}
	want := `| goal | where | ratio | |
|---|---|--:|---|
| next run ÷ stat ≤ 2 | 30 branches | 0.00 | refused |
| peak memory ÷ 40 MiB ≤ 1 | 30 branches | 0.50 | met |
| aipass-actions run ÷ 150 ms ≤ 1 | 30 branches | 0.50 | met |
| aipass-actions run, peak memory ÷ 60 MB ≤ 1 | 30 branches | 0.35 | met |
| next run ÷ stat ≤ 2 | 2 000 branches | 2.00 | met |
| peak memory ÷ 40 MiB ≤ 1 | 2 000 branches | 0.50 | met |
| aipass-actions run ÷ 2 s ≤ 1 | 2 000 branches | 1.50 | not met |
| first run, time per branch ≤ 1.2 | 2 000 ÷ 30 branches | 1.30 | not met |
| next run, time per branch ≤ 1.2 | 2 000 ÷ 30 branches | 0.00 | refused |
| first count ÷ rg -c ≤ 1 | 500 MB in 300 | 0.50 | met |
| plainlogs.py ÷ first count ≥ 30 | 500 MB in 300 | 29.00 | not met |
| next count, 1 MB more ÷ stat, and cat of 1 MB ≤ 2 | 500 MB in 300 | 2.00 | met |
| peak memory ÷ 40 MiB ≤ 1 | 500 MB in 300 | 1.25 | not met |
`
	if diff := cmp.Diff(want, goalsMarkdown([]round{small, large}, []logRound{logs})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
