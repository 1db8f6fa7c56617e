package main

import (
	"fmt"
	"strings"
)

// logMarkdown has a column for each shape.
func logMarkdown(rounds []logRound) string {
	var b strings.Builder
	line := func(title string, cell func(logRound) string) {
		fmt.Fprintf(&b, "| %s |", title)
		for _, r := range rounds {
			fmt.Fprintf(&b, " %s |", cell(r))
		}
		b.WriteString("\n")
	}
	line("logs", func(r logRound) string { return grouped(r.megabytes) + " MB" })
	b.WriteString("|---|" + strings.Repeat("--:|", len(rounds)) + "\n")
	line("files", func(r logRound) string { return grouped(r.files) })
	for _, name := range logLineup() {
		line(name, func(r logRound) string { return r.results[name].String() })
	}
	for _, pair := range [][2]string{
		{firstCount, ripgrep},
		{loop, firstCount},
		{loop, readLogs},
		{nextCount, statAndCat},
		{quietCount, statOfFiles},
	} {
		line(pair[0]+" ÷ "+pair[1], func(r logRound) string { return ratio(r.results[pair[0]].wall, r.results[pair[1]].wall) })
	}
	return b.String()
}
