package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writeTable prints a branch a line, and below what is wrong and what to do.
func writeTable(w io.Writer, h hostStatus, colour bool) error {
	t := table{colour: colour}
	t.row("BRANCH", "DIR", "INBOX", "LOCAL", "OBS", "ID", "DASH", "README", "LOCAL LINES", "OBSERVATIONS LINES", "NEW", "OPENED", "STALE", "LOGS")
	for _, b := range h.Branches {
		t.branch(b)
	}
	t.write(w)
	for _, p := range h.Problems {
		fmt.Fprintf(w, "%s %s: %s\n", t.paint(red, "✗"), printable(cmp.Or(p.Branch, "host")), printable(p.What))
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

// printable keeps what a registry or a file name says from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// A table lines up its columns, whatever escape codes its cells contain.
type table struct {
	colour bool
	rows   [][]cell
}

type cell struct{ text, colour string }

func (t *table) row(texts ...string) {
	cells := make([]cell, len(texts))
	for i, text := range texts {
		cells[i].text = text
	}
	t.rows = append(t.rows, cells)
}

func (t *table) branch(b branchStatus) {
	name := cell{printable(b.Name), green}
	if !b.Healthy {
		name.colour = red
	}
	cells := []cell{name}
	for _, file := range [...]string{"directory", "inbox", "local", "observations", "identity", "dashboard", "readme"} {
		cells = append(cells, stateCell(b.Files[file]))
	}
	cells = append(cells, linesCell(b.Memory, "local"), linesCell(b.Memory, "observations"))
	cells = append(cells, mailCells(b.Mail)...)
	logs := cell{text: "?"}
	if b.LogBytes != nil {
		logs.text = bytesText(*b.LogBytes)
	}
	t.rows = append(t.rows, append(cells, logs))
}

func mailCells(m *mailStatus) []cell {
	if m == nil {
		return []cell{{text: "?"}, {text: "?"}, {text: "?"}}
	}
	stale := cell{text: strconv.Itoa(m.StaleNew + m.StaleOpened)}
	if m.StaleNew+m.StaleOpened > 0 {
		stale.colour = yellow
	}
	return []cell{{text: strconv.Itoa(m.New)}, {text: strconv.Itoa(m.Opened)}, stale}
}

// stateCell: what is missing may be fine, what is broken is not.
func stateCell(state string) cell {
	switch state {
	case "ok":
		return cell{state, green}
	case "missing":
		return cell{state, yellow}
	}
	return cell{state, red}
}

// linesCell is a bar of lines by limit, or the lines alone where AIPass has no
// limit for them.
func linesCell(memory []memoryStatus, file string) cell {
	for _, m := range memory {
		switch {
		case m.File != file || m.Array != "":
			continue
		case m.Limit == nil:
			return cell{text: strconv.Itoa(m.N)}
		}
		c := cell{fmt.Sprintf("%s %d/%.0f", bar(float64(m.N) / *m.Limit), m.N, *m.Limit), green}
		if float64(m.N) > *m.Limit {
			c.colour = red
		}
		return c
	}
	return cell{text: "?"}
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

func (t *table) paint(colour, text string) string {
	if !t.colour || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (t *table) write(w io.Writer) {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c.text))
		}
	}
	for _, row := range t.rows {
		var line strings.Builder
		for i, c := range row {
			line.WriteString(t.paint(c.colour, c.text))
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text)+2))
			}
		}
		fmt.Fprintln(w, line.String())
	}
}
