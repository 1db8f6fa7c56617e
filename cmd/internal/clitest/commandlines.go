package clitest

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// TakesItsCommandLines checks that a program takes every command line that
// README.md and docs/*.md show of it in code, and that they show so many at
// least. What a shell would do with the rest of the line is not its business.
func TakesItsCommandLines(t *testing.T, p cli.Program, atLeast int) {
	t.Helper()
	top := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, page := range append(pages, filepath.Join(top, "README.md")) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandLines(string(data), p.Name) {
			shown++
			takes(t, p, filepath.Base(page), line)
		}
	}
	if shown < atLeast {
		t.Errorf("found %d command lines of %s, want %d at least", shown, p.Name, atLeast)
	}
}

// TakesShippedCommandLines checks that a program takes every command line in
// what is shipped to start it: files of deploy, by pattern, each with how many
// there are. Variables are empty, as they are shipped.
func TakesShippedCommandLines(t *testing.T, p cli.Program, patterns map[string]int) {
	t.Helper()
	shipped := regexp.MustCompile(`(?m)/` + regexp.QuoteMeta(p.Name) + ` ([a-z][^>\n]*)`)
	for pattern, want := range patterns {
		files, err := filepath.Glob(filepath.Join("..", "..", "deploy", pattern))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range shipped.FindAllSubmatch(text, -1) {
				found++
				takes(t, p, file, variable.ReplaceAllString(string(m[1]), ""))
			}
		}
		if found != want {
			t.Errorf("%s: %d command lines, want %d", pattern, found, want)
		}
	}
}

// takes checks that a program takes a command line that stands somewhere.
func takes(t *testing.T, p cli.Program, where, line string) {
	t.Helper()
	args := strings.Fields(directory.ReplaceAllLiteralString(line, "--textfile.directory="+t.TempDir()))
	if _, err := p.Parse(args, System(), io.Discard, io.Discard); err != nil {
		t.Errorf("%s: %s %s: %v", where, p.Name, line, err)
	}
}

// variable is one of systemd's, for flags of whoever has the host.
var variable = regexp.MustCompile(`\$[A-Z_]+`)

// directory has to exist for the flag to be taken.
var directory = regexp.MustCompile(`--textfile\.directory=\S+`)

var (
	codeSpan = regexp.MustCompile("`[^`]+`")
	// shell is where the command's own words end.
	shell = regexp.MustCompile("\\s#|\\s\\d?>|[|;&`]")
)

// commandLines finds what follows a program's name in the code of a page: in
// blocks, which are indented or fenced, and in spans.
func commandLines(page, name string) []string {
	command := regexp.MustCompile(`(?:^|[\s/` + "`" + `])` + regexp.QuoteMeta(name) + ` ([a-z-].*)`)
	var lines []string
	fenced := false
	for line := range strings.Lines(page) {
		code := codeSpan.FindAllString(line, -1)
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if fenced || strings.HasPrefix(line, "    ") {
			code = []string{line}
		}
		for _, c := range code {
			if m := command.FindStringSubmatch(c); m != nil {
				lines = append(lines, strings.TrimSpace(shell.Split(m[1], 2)[0]))
			}
		}
	}
	return lines
}
