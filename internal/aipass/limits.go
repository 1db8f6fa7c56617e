package aipass

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// legacyMaxLines is AIPass's own last resort for the lines of a legacy memory
// file; the modern generation has none, it counts entries.
const legacyMaxLines = 600

// A scope is one level at which AIPass's memory configuration can set limits:
// the defaults, or one branch.
type scope struct {
	maxLines   float64
	maxEntries map[string]arrayLimits // by file
}

// arrayLimits are the entries at which an array is rolled over, by array.
type arrayLimits map[string]float64

// limits are the memory limits of one generation, from its configuration file.
type limits struct {
	layout    Layout
	defaults  scope
	perBranch map[string]scope
}

// newLimits are AIPass's own, before any configuration.
func newLimits(layout Layout) limits {
	return limits{
		layout: layout,
		defaults: scope{maxLines: legacyMaxLines, maxEntries: map[string]arrayLimits{
			localKind:        {"sessions": 20, "key_learnings": 25},
			observationsKind: {"observations": 25},
		}},
		perBranch: map[string]scope{},
	}
}

// rolled says whether the modern generation ever rolls an array over; it can
// be told a number for others, and does not act on it.
func rolled(file, array string) bool {
	return file == localKind && (array == "sessions" || array == "key_learnings") ||
		file == observationsKind && array == "observations"
}

// linesLimit is the number of lines at which AIPass itself would roll over this
// branch's memory file: the file's own limit, else the branch's, else the
// configured default, else 600. The modern generation goes by entries and
// knows only a file's own. 0 is none.
func (s *Snapshot) linesLimit(b *Branch, m *Memory) float64 {
	l := s.limits[m.layout]
	if m.maxLines != 0 || l.layout == Modern {
		return m.maxLines
	}
	key, _, _ := strings.Cut(strings.ToUpper(b.Name), ".") // of the file's name AIPass takes what precedes the first dot
	return cmp.Or(l.perBranch[key].maxLines, l.defaults.maxLines)
}

// entriesLimit is the number of entries at which AIPass would roll over an
// array of a memory file: what the configuration says of this branch's file or,
// if it says nothing of that file, of every branch's. It knows the branch by
// the name of its directory. Only the modern generation counts entries. 0 is
// none.
func (s *Snapshot) entriesLimit(b *Branch, file, array string, m *Memory) float64 {
	l := s.limits[m.layout]
	if l.layout == Legacy || !rolled(file, array) {
		return 0
	}
	own := l.perBranch[strings.ToLower(filepath.Base(b.Dir))].maxEntries[file]
	if len(own) == 0 {
		own = l.defaults.maxEntries[file]
	}
	return own[array]
}

// parseLimits reads the rollover section of a memory configuration:
//
//	{"rollover": {"defaults": SCOPE, "per_branch": {NAME: SCOPE}}}
//
// where a SCOPE is {"max_lines": N} in legacy and
// {"local": {"sessions": {"count": N}}, "observations": {...}} in modern. What
// the defaults do not name stays as AIPass has it.
func parseLimits(d *jsonfile.Decoder, layout Layout) (limits, error) {
	l := newLimits(layout)
	if err := wantObject(d); err != nil {
		return l, err
	}
	err := members(d, func(section string) error {
		if section != "rollover" {
			return nil
		}
		l = newLimits(layout) // of two sections Python sees the last
		return members(d, func(name string) error {
			switch name {
			case "defaults":
				l.defaults = newLimits(layout).defaults
				return parseScope(d, &l.defaults)
			case "per_branch":
				return members(d, func(branch string) error {
					s := scope{maxEntries: map[string]arrayLimits{}}
					err := parseScope(d, &s)
					l.perBranch[branch] = s
					return err
				})
			}
			return nil
		})
	})
	return l, err
}

// parseScope lays what the object that comes next says over a scope.
func parseScope(d *jsonfile.Decoder, s *scope) error {
	return members(d, func(name string) error {
		if name == "max_lines" {
			var n float64
			err := readPath(d, &n)
			s.maxLines = cmp.Or(n, s.maxLines)
			return err
		}
		if s.maxEntries[name] == nil {
			s.maxEntries[name] = arrayLimits{}
		}
		return members(d, func(array string) error {
			var n float64
			err := readPath(d, &n, "count")
			if n != 0 {
				s.maxEntries[name][array] = n
			}
			return err
		})
	})
}

// members walks the object that comes next; anything else is passed over.
func members(d *jsonfile.Decoder, member func(name string) error) error {
	kind, err := d.Next()
	if err != nil || kind != jsonfile.Object {
		return err
	}
	return d.Object(member)
}
