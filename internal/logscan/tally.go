package logscan

import (
	"bytes"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// maxLine is how much of a line is looked at, in bytes.
const maxLine = 64 << 10

// A tally counts the messages in a text that comes in pieces. It is the same
// whatever the pieces.
type tally struct {
	messages [len(aipass.LogLevels)]int64
	// lastError is the line that began the last error or worse, of the text
	// that was added last.
	lastError []byte
	// inside says that the text goes on in a line that has been counted.
	inside bool
}

// add counts what can be told of text and returns how much that is; what is
// left, less than maxLine, is the beginning of a line and has to come again
// with what follows it.
func (t *tally) add(text []byte) (settled int) {
	t.lastError = nil
	if t.inside {
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			return len(text)
		}
		t.inside, settled = false, end+1
	}
	settled += t.lines(text[settled:])
	rest := text[settled:]
	if len(rest) < maxLine {
		return settled
	}
	t.end(rest)
	return len(text)
}

// end counts a line of which no more is to be waited for.
func (t *tally) end(line []byte) {
	if len(line) > 0 {
		t.line(line)
		t.inside = true
	}
}

// lines counts whole lines.
func (t *tally) lines(text []byte) (length int) {
	for {
		line := text[length:]
		end := bytes.IndexByte(line, '\n')
		if end < 0 {
			return length
		}
		t.line(line[:end])
		length += end + 1
	}
}

func (t *tally) line(line []byte) {
	level, ok := levelOf(line[:min(len(line), maxLine)])
	if !ok {
		return
	}
	t.messages[level]++
	if level >= aipass.ErrorLog {
		t.lastError = line
	}
}
