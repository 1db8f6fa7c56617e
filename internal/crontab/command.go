package crontab

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// maxLine is the longest line that Debian's cron takes.
const maxLine = 998

// Line is an entry: when, and what a shell is to run.
func Line(when, command string) (string, error) {
	line := when + " " + strings.ReplaceAll(command, "%", `\%`) // else it is cron's end of a line
	if len(line) > maxLine {
		return "", fmt.Errorf("%d bytes, and cron takes %d: %s", len(line), maxLine, line)
	}
	return line, nil
}

// Quote is a word as the shell of an entry takes it. A backslash or something
// that does not print cannot be said in all crons.
func Quote(word string) (string, error) {
	if strings.Contains(word, `\`) || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", fmt.Errorf("%q: it cannot stand in a crontab", word)
	}
	if plain.MatchString(word) {
		return word, nil
	}
	return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'", nil
}

// plain is what means itself to a shell.
var plain = regexp.MustCompile(`^[\w@%+=:,./-]+$`)
