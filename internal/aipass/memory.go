package aipass

import (
	"errors"
	"io"
	"strconv"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// EntryArrays are the arrays of memory files that AIPass rolls over, in
// either generation, or lets agents keep.
var EntryArrays = [...]string{
	"sessions", "key_learnings", "todos", "observations",
	"recent_work", "entries", "items", "records",
}

// absent marks an array that a memory file does not have.
const absent = -1

// A Memory is one memory file. A file that is broken JSON still has lines,
// and AIPass counts them.
type Memory struct {
	// Lines as AIPass counts them; LinesKnown is false if the file is not text.
	Lines      int
	LinesKnown bool
	layout     Layout // of the place where it was found
	// maxLines is the file's own limit, 0 if it names none.
	maxLines float64
	entries  [len(EntryArrays)]int32
}

// readMemory parses a memory file and counts its lines on the way.
func readMemory(r io.Reader, d *jsonfile.Decoder, m *Memory) error {
	lines := &lineCounter{r: r}
	d.Reset(lines)
	parsed, err := parseMemory(d)
	*m = parsed
	if err == nil {
		err = d.End()
	}
	if err != nil {
		if drainErr := lines.drain(); drainErr != nil {
			return drainErr
		}
	}
	m.Lines, m.LinesKnown = lines.lines()
	if err == nil && !m.LinesKnown {
		err = errors.Join(jsonfile.ErrMalformed, jsonfile.ErrNotUTF8)
	}
	return err
}

func parseMemory(d *jsonfile.Decoder) (Memory, error) {
	var m Memory
	for i := range m.entries {
		m.entries[i] = absent
	}
	if err := wantObject(d); err != nil {
		return m, err
	}
	err := d.Object(func(name string) error {
		if name == "document_metadata" {
			return readPath(d, &m.maxLines, "limits", "max_lines")
		}
		for i, array := range EntryArrays {
			if name == array {
				return countEntries(d, &m.entries[i])
			}
		}
		return nil
	})
	return m, err
}

// countEntries counts a list's elements or, as older files have it, an
// object's members; anything else is no array.
func countEntries(d *jsonfile.Decoder, n *int32) error {
	*n = absent
	kind, err := d.Next()
	if err != nil {
		return err
	}
	switch kind {
	case jsonfile.Array:
		*n = 0
		return d.Array(func() error { *n++; return nil })
	case jsonfile.Object:
		*n = 0
		return d.Object(func(string) error { *n++; return nil })
	}
	return nil
}

// readPath descends into objects by name and reads the number at the end of
// the path into n: 0 if there is none, infinity if it is too big.
func readPath(d *jsonfile.Decoder, n *float64, path ...string) error {
	*n = 0
	if len(path) == 0 {
		v, err := d.Value()
		if v.Kind == jsonfile.Number {
			*n, _ = strconv.ParseFloat(v.Text, 64)
		}
		return err
	}
	kind, err := d.Next()
	if err != nil || kind != jsonfile.Object {
		return err
	}
	return d.Object(func(name string) error {
		if name != path[0] {
			return nil
		}
		return readPath(d, n, path[1:]...)
	})
}

func wantObject(d *jsonfile.Decoder) error {
	kind, err := d.Next()
	if err != nil {
		return err
	}
	if kind != jsonfile.Object {
		return errShape("not an object")
	}
	return nil
}
