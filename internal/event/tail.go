package event

import (
	"strings"
	"unicode"
)

// kept is how much of what a command says is remembered: the end, where
// programs say why they gave up.
const kept = 2000

// A tail takes all that is written and keeps the end of it.
type tail struct{ end []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.end = append(t.end, p[max(0, len(p)-kept):]...)
	if extra := len(t.end) - kept; extra > 0 {
		t.end = append(t.end[:0], t.end[extra:]...)
	}
	return len(p), nil
}

// line is the end on one line. The log puts it in quotes.
func (t *tail) line() string {
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(t.end), "�"))
	return strings.Join(strings.Fields(text), " ")
}
