package clitest

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kingpin/v2"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// HasItsFlagsOnThePage checks that docs/configuration.md has under the program's
// name what the program's own help says. With UPDATE in the environment it is
// written there.
func HasItsFlagsOnThePage(t *testing.T, p cli.Program) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "configuration.md")
	page, done := lockedPage(t, path)
	defer done()
	heading := "\n## " + p.Name + "\n"
	before, rest, found := strings.Cut(page, heading)
	if !found {
		t.Fatalf("%s has no %q", path, heading)
	}
	got, after, more := strings.Cut(rest, "\n## ")
	if more {
		after = "\n## " + after
	}
	want := "\n" + flagsPage(p.Model())
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(before+heading+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not what the help says: make update (-help +page)\n%s", path, diff)
	}
}

// lockedPage reads a page that the test of another program may write meanwhile.
func lockedPage(t *testing.T, path string) (page string, done func()) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), func() { f.Close() }
}

// A row is a flag as some commands have it: another default makes another row.
type row struct {
	flag, byDefault, help string
	commands              []string // none: all
}

// flagsPage is a table of the commands and one of the flags.
func flagsPage(app *kingpin.ApplicationModel) string {
	var page strings.Builder
	page.WriteString("| command | what it does |\n|---|---|\n")
	rows := add(nil, "", app.Flags)
	for _, cmd := range app.FlattenedCommands() {
		if len(cmd.Commands) > 0 || cmd.FullCommand == "help" {
			continue
		}
		fmt.Fprintf(&page, "| `%s` | %s |\n", cmd.FullCommand+arguments(cmd), cell(cmd.Help))
		rows = add(rows, cmd.FullCommand, cmd.Flags)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(strings.ToLower(a.flag), strings.ToLower(b.flag)) })
	page.WriteString("\n| flag | default | commands | what it is |\n|---|---|---|---|\n")
	for _, r := range rows {
		commands := "all"
		if len(r.commands) > 0 {
			commands = "`" + strings.Join(r.commands, "`, `") + "`"
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", code(r.flag), code(r.byDefault), commands, cell(r.help))
	}
	return page.String()
}

func arguments(cmd *kingpin.CmdModel) string {
	var args strings.Builder
	for _, a := range cmd.Args {
		format := " [%s]"
		if a.Required {
			format = " %s"
		}
		fmt.Fprintf(&args, format, strings.ToUpper(a.Name))
	}
	return args.String()
}

// add enters flags, each in the row of its like.
func add(rows []row, command string, flags []*kingpin.FlagModel) []row {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		r := row{flag: spelling(f), byDefault: strings.Join(f.Default, ","), help: meaning(f)}
		like := func(other row) bool {
			return other.flag == r.flag && other.byDefault == r.byDefault && other.help == r.help
		}
		i := slices.IndexFunc(rows, like)
		if i < 0 {
			rows, i = append(rows, r), len(rows)
		}
		if command != "" {
			rows[i].commands = append(rows[i].commands, command)
		}
	}
	return rows
}

// spelling is the flag as it is given.
func spelling(f *kingpin.FlagModel) string {
	switch {
	case f.Name == "help" || f.Name == "version":
		return "--" + f.Name
	case f.IsBoolFlag():
		return "--[no-]" + f.Name
	case f.PlaceHolder != "":
		return "--" + f.Name + "=" + f.PlaceHolder
	}
	return "--" + f.Name
}

func meaning(f *kingpin.FlagModel) string {
	text := f.Help
	if f.Envar != "" {
		text += " Also `$" + f.Envar + "`."
	}
	if f.Required {
		text += " Required."
	}
	return text
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", "\\|") + "`"
}

// cell keeps a text within its cell of a table.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "|", "\\|", "*", "\\*").Replace(text)
}
