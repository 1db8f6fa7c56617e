package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// addOutput adds --output to a command.
func addOutput(g cli.FlagGroup) *string {
	return g.Flag("output", "How to say what was done: table or json.").Default("table").Enum("table", "json")
}

func newTable(r cli.Room) *cli.Table {
	return &cli.Table{Colour: cli.WantsColour(r.Stdout, r.Sys.Getenv)}
}

// levels are the words by which legacy AIPass finds errors in its system_logs,
// where cron's output may well end up. It mails each such line to an agent, as
// a task, and what others wrote into their subjects must not set that off.
var levels = regexp.MustCompile(`\b(?:ERROR|CRITICAL)\b`)

// harmless writes whole lines for people, with such words in lower case.
type harmless struct{ to io.Writer }

func (h harmless) Write(lines []byte) (int, error) {
	return h.to.Write(levels.ReplaceAllFunc(lines, bytes.ToLower)) // which is as long
}

// levelFields are those words where AIPass looks for them in a line.
var levelFields = regexp.MustCompile(`[ \[](?:ERROR|CRITICAL)[ \]]`)

// harmlessLog is for whole lines of the log: what it says of the host may have
// such words too.
type harmlessLog struct{ to io.Writer }

func (h harmlessLog) Write(lines []byte) (int, error) {
	for levelFields.Match(lines) { // two in a row share what is between them
		lines = levelFields.ReplaceAllFunc(lines, bytes.ToLower)
	}
	return h.to.Write(lines)
}

// writeJSON spells such words with an escape: they come out as they went in.
func writeJSON(w io.Writer, report any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(report); err != nil {
		return err
	}
	text := levels.ReplaceAllFunc(out.Bytes(), func(word []byte) []byte {
		return fmt.Appendf(nil, `\u%04x%s`, word[0], word[1:])
	})
	_, err := io.WriteString(w, escaped(string(text)))
	return err
}

// escaped spells what does not print, and could steer a terminal, as JSON does.
func escaped(text string) string {
	var out strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) || r == '\n' {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.String()
}
