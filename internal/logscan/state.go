package logscan

import "github.com/aiosai/aipass-exporter/internal/aipass"

// A state is what one run leaves to the next.
type state struct {
	home   string            // the host's
	totals map[string]scopes // by branch
	dirs   map[string]directory
	// left are the branches with totals that are in no registry any more, and
	// the Unix seconds since when.
	left map[string]int64
}

// scopes are what has been counted of a branch, by scope.
type scopes = [len(aipass.LogScopes)]aipass.LogTotals

// A directory is what is known of the logs in it, in the order of their names.
type directory struct {
	files []checkpoint
	gone  int64 // Unix seconds since when no branch has it; 0 if one does
}

func newState(home string) state {
	return state{
		home:   home,
		totals: map[string]scopes{},
		dirs:   map[string]directory{},
		left:   map[string]int64{},
	}
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

func fieldsOf(t *aipass.LogTotals) []field {
	fields := append(make([]field, 0, 10), // with room for one more
		field{"read", &t.Read, false},
		field{"lost", &t.Lost, false},
		field{"rotations", &t.Rotations, false},
		field{"last_error", &t.LastError, false},
	)
	for _, level := range aipass.LogLevels {
		fields = append(fields, field{level.String(), &t.Messages[level], false})
	}
	return fields
}

func add(t *aipass.LogTotals, news aipass.LogTotals) {
	for level, n := range news.Messages {
		t.Messages[level] += n
	}
	t.Read += news.Read
	t.Lost += news.Lost
	t.Rotations += news.Rotations
	t.LastError = max(t.LastError, news.LastError)
}
