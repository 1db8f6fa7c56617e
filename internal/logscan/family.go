package logscan

import (
	"maps"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A family is a log with what rotation made of it, and what is known of them.
type family struct {
	dir    string
	source aipass.LogSource
	live   string  // its name
	files  []entry // the live one first
	packed []entry // compressed ones, which are not read
	known  []known
}

// known is a checkpoint and what has become of its log.
type known struct {
	checkpoint
	listed bool // a file of that inode is there
	fate   fate
}

type fate uint8

const (
	unmet    fate = iota // nobody has seen it yet
	lives                // it goes on, perhaps in a copy
	replaced             // its inode holds something else now
)

// families sorts out which files belong together. A file that is known by its
// inode takes its checkpoint with it, whatever it is called now.
func families(dir aipass.LogDir, entries []entry, checkpoints []checkpoint) []family {
	byName := map[string]*family{}
	of := func(live string) *family {
		f := byName[live]
		if f == nil {
			f = &family{dir: dir.Path, source: dir.Source(live), live: live}
			byName[live] = f
		}
		return f
	}
	home := make(map[int64]*family, len(entries))
	for _, e := range entries {
		f := of(e.live)
		switch {
		case e.packed:
			f.packed = append(f.packed, e)
			continue
		case e.rotated:
			f.files = append(f.files, e)
		default:
			f.files = slices.Insert(f.files, 0, e)
		}
		home[e.ino] = f
	}
	for _, c := range checkpoints {
		f, listed := home[c.ino]
		if !listed {
			name, _ := parseName(c.name)
			f = of(name.live)
		}
		f.known = append(f.known, known{checkpoint: c, listed: listed})
	}
	list := make([]family, 0, len(byName))
	for _, live := range slices.Sorted(maps.Keys(byName)) {
		list = append(list, *byName[live])
	}
	return list
}

// byInode is what is known of a file, or nil.
func (f *family) byInode(ino int64) *known {
	for i := range f.known {
		if f.known[i].listed && f.known[i].ino == ino {
			return &f.known[i]
		}
	}
	return nil
}

// same says that nothing has happened in the family, and nobody is waited for.
func (f *family) same() bool {
	if len(f.known) != len(f.files) {
		return false
	}
	for _, e := range f.files {
		if k := f.byInode(e.ino); k == nil || !k.same(e) {
			return false
		}
	}
	return true
}
