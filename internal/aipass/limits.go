package aipass

import (
	"path/filepath"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// legacyMaxLines is AIPass's own last resort for the lines of a legacy memory
// file; the modern generation has none, it counts entries.
const legacyMaxLines = 600

// modernMaxEntries are AIPass's own defaults for the arrays that the modern
// generation rolls over; todos never are.
func modernMaxEntries(array string) float64 {
	switch array {
	case "sessions":
		return 20
	case "key_learnings", "observations":
		return 25
	}
	return 0
}

// A scope is one level at which AIPass's memory configuration can set limits:
// the defaults, or one branch.
type scope struct {
	maxLines   float64
	maxEntries map[string]float64 // by array
}

// limits are the memory limits of one generation, from its configuration file.
type limits struct {
	layout    Layout
	defaults  scope
	perBranch map[string]scope
}

// linesLimit is the number of lines at which AIPass itself would roll over this
// branch's memory file: the file's own limit, else the branch's, else the
// configured default, else 600. The modern generation goes by entries and
// knows only the file's own; ok is false if there is no limit.
func (s *Snapshot) linesLimit(b *Branch, m *Memory) (n float64, ok bool) {
	return s.limits[m.layout].maxLines(b, m)
}

// entriesLimit is the number of entries at which AIPass would roll over one of
// EntryArrays: the branch's, else the configured default, else AIPass's own.
// Only the modern generation has any, and not for every array.
func (s *Snapshot) entriesLimit(b *Branch, array string) (n float64, ok bool) {
	layout := b.Local.Value.layout
	if array == observationsKind {
		layout = b.Observations.Value.layout
	}
	return s.limits[layout].maxEntries(b, array)
}

func (l *limits) maxLines(b *Branch, m *Memory) (n float64, ok bool) {
	if m.maxLines != 0 {
		return m.maxLines, true
	}
	if l.layout == Modern {
		return 0, false
	}
	key, _, _ := strings.Cut(strings.ToUpper(b.Name), ".") // of the file's name AIPass takes what precedes the first dot
	if s := l.perBranch[key]; s.maxLines != 0 {
		return s.maxLines, true
	}
	if l.defaults.maxLines != 0 {
		return l.defaults.maxLines, true
	}
	return legacyMaxLines, true
}

// maxEntries knows a branch by the name of its directory, as AIPass does.
func (l *limits) maxEntries(b *Branch, array string) (n float64, ok bool) {
	if l.layout == Legacy {
		return 0, false
	}
	for _, s := range [...]scope{l.perBranch[strings.ToLower(filepath.Base(b.Dir))], l.defaults} {
		if n := s.maxEntries[array]; n != 0 {
			return n, true
		}
	}
	n = modernMaxEntries(array)
	return n, n != 0
}

// parseLimits reads the rollover section of a memory configuration:
//
//	{"rollover": {"defaults": SCOPE, "per_branch": {NAME: SCOPE}}}
//
// where a SCOPE is {"max_lines": N} in legacy and
// {"local": {"sessions": {"count": N}}, "observations": {...}} in modern.
func parseLimits(d *jsonfile.Decoder, layout Layout) (limits, error) {
	l := limits{layout: layout, perBranch: map[string]scope{}}
	if err := wantObject(d); err != nil {
		return l, err
	}
	err := members(d, func(section string) error {
		if section != "rollover" {
			return nil
		}
		l.defaults, l.perBranch = scope{}, map[string]scope{} // of two sections Python sees the last
		return members(d, func(name string) (err error) {
			switch name {
			case "defaults":
				l.defaults, err = parseScope(d)
			case "per_branch":
				err = members(d, func(branch string) (err error) {
					l.perBranch[branch], err = parseScope(d)
					return err
				})
			}
			return err
		})
	})
	return l, err
}

func parseScope(d *jsonfile.Decoder) (scope, error) {
	s := scope{maxEntries: map[string]float64{}}
	err := members(d, func(name string) error {
		if name == "max_lines" {
			return readPath(d, &s.maxLines)
		}
		return members(d, func(array string) error {
			var n float64
			err := readPath(d, &n, "count")
			s.maxEntries[array] = n
			return err
		})
	})
	return s, err
}

// members walks the object that comes next; anything else is passed over.
func members(d *jsonfile.Decoder, member func(name string) error) error {
	kind, err := d.Next()
	if err != nil || kind != jsonfile.Object {
		return err
	}
	return d.Object(member)
}
