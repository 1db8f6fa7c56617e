package logscan

import (
	"bytes"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// timeOf is when a message was logged, by itself; if it does not say, or says
// that it will be, when the look was taken.
func (s *scanner) timeOf(line []byte) int64 {
	if t, ok := aipass.ParseTime(stampOf(line), s.location); ok && !t.After(s.taken) {
		return t.Unix()
	}
	return s.taken.Unix()
}

// stampOf is the text of the message's timestamp.
func stampOf(line []byte) string {
	line = line[:min(len(line), maxLine)]
	if line[0] == '{' {
		for _, name := range [...]string{"ts", "timestamp", "time"} {
			if value, ok := member(line, name); ok && len(value) < maxStamp {
				return string(value)
			}
		}
		return ""
	}
	line = bytes.TrimPrefix(line, []byte("["))
	if len(line) < len(stampShape) || !isStamp(line) {
		return ""
	}
	end := len(stampShape) + stampRest(line[len(stampShape):])
	return string(bytes.Replace(line[:end], []byte(","), []byte("."), 1))
}

// maxStamp is longer than any timestamp.
const maxStamp = 64
