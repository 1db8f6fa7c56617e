package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// writeTable prints a branch a line, and below what is wrong and what to do.
func writeTable(w io.Writer, h hostStatus, colour bool) error {
	t := cli.Table{Colour: colour}
	t.AddPlain("BRANCH", "DIR", "INBOX", "LOCAL", "OBS", "ID", "DASH", "README", "LOCAL LINES", "OBSERVATIONS LINES", "NEW", "OPENED", "STALE", "LOGS")
	for _, b := range h.Branches {
		t.Add(branchCells(b)...)
	}
	if err := t.Write(w); err != nil {
		return err
	}
	for _, p := range h.Problems {
		fmt.Fprintf(w, "%s %s: %s\n", t.Paint(cli.Red, "✗"), cli.Printable(cmp.Or(p.Branch, "host")), cli.Printable(p.What))
		fmt.Fprintf(w, "    %s\n", p.Remedy)
	}
	healthy := 0
	for _, b := range h.Branches {
		if b.Healthy {
			healthy++
		}
	}
	_, err := fmt.Fprintf(w, "%s: %d of %d branches healthy\n", h.Home, healthy, len(h.Branches))
	return err
}

func branchCells(b branchStatus) []cli.Cell {
	name := cli.Cell{Text: b.Name, Colour: cli.Green}
	if !b.Healthy {
		name.Colour = cli.Red
	}
	cells := []cli.Cell{name}
	for _, file := range [...]string{"directory", "inbox", "local", "observations", "identity", "dashboard", "readme"} {
		cells = append(cells, stateCell(b.Files[file]))
	}
	cells = append(cells, linesCell(b.Memory, "local"), linesCell(b.Memory, "observations"))
	cells = append(cells, mailCells(b.Mail)...)
	logs := cli.Cell{Text: "?"}
	if b.LogBytes != nil {
		logs.Text = bytesText(*b.LogBytes)
	}
	return append(cells, logs)
}

func mailCells(m *mailStatus) []cli.Cell {
	if m == nil {
		return []cli.Cell{{Text: "?"}, {Text: "?"}, {Text: "?"}}
	}
	stale := cli.Cell{Text: strconv.Itoa(m.StaleNew + m.StaleOpened)}
	if m.StaleNew+m.StaleOpened > 0 {
		stale.Colour = cli.Yellow
	}
	return []cli.Cell{{Text: strconv.Itoa(m.New)}, {Text: strconv.Itoa(m.Opened)}, stale}
}

// stateCell: what is missing may be fine, what is broken is not.
func stateCell(state string) cli.Cell {
	switch state {
	case "ok":
		return cli.Cell{Text: state, Colour: cli.Green}
	case "missing":
		return cli.Cell{Text: state, Colour: cli.Yellow}
	}
	return cli.Cell{Text: state, Colour: cli.Red}
}

// linesCell is a bar of lines by limit, or the lines alone where AIPass has no
// limit for them.
func linesCell(memory []memoryStatus, file string) cli.Cell {
	for _, m := range memory {
		switch {
		case m.File != file || m.Array != "":
			continue
		case m.Limit == nil:
			return cli.Cell{Text: strconv.Itoa(m.N)}
		}
		c := cli.Cell{Text: fmt.Sprintf("%s %d/%.0f", bar(float64(m.N) / *m.Limit), m.N, *m.Limit), Colour: cli.Green}
		if float64(m.N) > *m.Limit {
			c.Colour = cli.Red
		}
		return c
	}
	return cli.Cell{Text: "?"}
}

const barWidth = 10

func bar(filled float64) string {
	n := int(min(1, filled) * barWidth)
	return strings.Repeat("█", n) + strings.Repeat("░", barWidth-n)
}

func bytesText(n int64) string {
	f, unit := float64(n), "B"
	for _, next := range [...]string{"KiB", "MiB", "GiB", "TiB"} {
		if f < 1024 {
			break
		}
		f, unit = f/1024, next
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}
