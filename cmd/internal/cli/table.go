package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Colours of cells.
const (
	Red    = "31"
	Green  = "32"
	Yellow = "33"
)

// WantsColour says whether stdout is a terminal whose owner did not ask for plain text.
func WantsColour(stdout io.Writer, getenv func(string) string) bool {
	f, ok := stdout.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Printable keeps what a host says from steering the terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

// A Table lines up its columns, whatever escape codes its colours need. Texts
// of cells are made Printable.
type Table struct {
	Colour bool
	rows   [][]Cell
}

// A Cell has a colour, or none.
type Cell struct{ Text, Colour string }

// Add adds a row.
func (t *Table) Add(cells ...Cell) {
	row := make([]Cell, len(cells))
	for i, c := range cells {
		row[i] = Cell{Printable(c.Text), c.Colour}
	}
	t.rows = append(t.rows, row)
}

// AddPlain adds a row without colours, such as the heading.
func (t *Table) AddPlain(texts ...string) {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i].Text = text
	}
	t.Add(cells...)
}

// Paint gives a text a colour, if the table has any.
func (t *Table) Paint(colour, text string) string {
	if !t.Colour || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// Write prints the rows.
func (t *Table) Write(w io.Writer) error {
	widths := t.widths()
	for _, row := range t.rows {
		var line strings.Builder
		for i, c := range row {
			line.WriteString(t.Paint(c.Colour, c.Text))
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.Text)+2))
			}
		}
		if _, err := fmt.Fprintln(w, line.String()); err != nil {
			return err
		}
	}
	return nil
}

// widths are those of the columns: rows may differ in length.
func (t *Table) widths() (widths []int) {
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c.Text))
		}
	}
	return widths
}
