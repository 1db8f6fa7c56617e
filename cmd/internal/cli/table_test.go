package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTableLinesUpRowsOfAnyLength(t *testing.T) {
	t.Parallel()
	table := Table{Colour: true}
	table.AddPlain("FROM", "SUBJECT")
	table.Add(Cell{Text: "@drone", Colour: Red})
	table.Add(Cell{Text: "é"}, Cell{Text: "evil\x1b[2J\n"}, Cell{Text: "more", Colour: Green})
	var out strings.Builder
	if err := table.Write(&out); err != nil {
		t.Fatal(err)
	}
	const want = "FROM    SUBJECT\n" +
		"\x1b[31m@drone\x1b[0m\n" +
		"é       evil\uFFFD[2J\uFFFD  \x1b[32mmore\x1b[0m\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out.String(), want)
	}
}

func TestColourIsForTerminals(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// A character device, which is what tells a terminal, and the only one that
	// every machine has.
	terminal, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	env := func(name, value string) func(string) string {
		return func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
	}
	for _, row := range []struct {
		name   string
		out    *os.File
		getenv func(string) string
		want   bool
	}{
		{"terminal", terminal, env("TERM", "xterm"), true},
		{"file", file, env("TERM", "xterm"), false},
		{"NO_COLOR", terminal, env("NO_COLOR", "1"), false},
		{"dumb terminal", terminal, env("TERM", "dumb"), false},
	} {
		if got := WantsColour(row.out, row.getenv); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}
