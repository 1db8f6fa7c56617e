package logscan

import (
	"strings"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A logName is a file's name taken apart: the log's own, and what rotation made
// of it.
type logName struct {
	live    string // the name of the log while it is written
	rotated bool
	packed  bool // compressed
}

// parseName reads what Python's handlers and logrotate call their files: x.log,
// x.log.1, x.log-20260306, x.log.2026-03-06_12 and these with .gz. ok is false
// if it is no log.
func parseName(name string) (n logName, ok bool) {
	n.live = name
	for _, ending := range [...]string{".gz", ".xz", ".bz2", ".zst"} {
		if rest, is := strings.CutSuffix(name, ending); is {
			n.live, n.packed = rest, true
		}
	}
	end := strings.LastIndexAny(n.live, "gl") + 1 // of .log or .jsonl
	for _, ending := range aipass.LogEndings {
		if strings.HasSuffix(n.live[:end], ending) {
			n.rotated = end < len(n.live)
			ok = !n.rotated || isRotation(n.live[end:])
			n.live = n.live[:end]
			return n, ok
		}
	}
	return logName{}, false
}

// isRotation knows numbers and dates.
func isRotation(suffix string) bool {
	return len(suffix) > 1 && strings.Trim(suffix, "0123456789") != suffix &&
		strings.ContainsAny(suffix[:1], ".-_") && strings.Trim(suffix, "0123456789.-_:T") == ""
}
