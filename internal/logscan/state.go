package logscan

import (
	"cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A state is what one run leaves to the next.
type state struct {
	home   string // the host's
	totals map[aipass.LogSource]totals
	dirs   map[string]directory
}

// totals are those of a source, with the Unix seconds since when it has been in
// no registry; 0 if it is in one.
type totals struct {
	aipass.LogTotals
	gone int64
}

// A directory is what is known of the logs in it; gone is as of totals.
type directory struct {
	files []checkpoint
	gone  int64
}

func newState(home string) state {
	return state{home: home, totals: map[aipass.LogSource]totals{}, dirs: map[string]directory{}}
}

func compareSources(a, b aipass.LogSource) int {
	return cmp.Or(cmp.Compare(a.Branch, b.Branch), cmp.Compare(a.Scope, b.Scope))
}

// A field is a number under the name by which it is saved. None is below zero
// but those that are spread over all numbers.
type field struct {
	name   string
	at     *int64
	spread bool
}

func (c *checkpoint) fields() []field {
	return []field{
		{"dev", &c.dev, true},
		{"ino", &c.ino, true},
		{"size", &c.size, false},
		{"offset", &c.offset, false},
		{"changed", &c.changed, true},
		{"head", &c.print.head, true},
		{"tail", &c.print.tail, true},
		{"gone", &c.gone, false},
	}
}

func (t *totals) fields() []field {
	fields := []field{
		{"read", &t.Read, false},
		{"lost", &t.Lost, false},
		{"rotations", &t.Rotations, false},
		{"last_error", &t.LastError, false},
		{"gone", &t.gone, false},
	}
	for _, level := range aipass.LogLevels {
		fields = append(fields, field{level.String(), &t.Messages[level], false})
	}
	return fields
}
