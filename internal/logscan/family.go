package logscan

import (
	"cmp"
	"slices"
	"strings"

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
// inode takes its checkpoint with it, whatever it is called now. The families
// share entries, which are put in order for that.
func families(dir aipass.LogDir, entries []entry, checkpoints []checkpoint) []family {
	slices.SortFunc(entries, compareKin)
	var list []family
	for rest := entries; len(rest) > 0; {
		live := rest[0].live
		end := 1 + indexOf(rest[1:], func(e entry) bool { return e.live != live })
		packed := indexOf(rest[:end], func(e entry) bool { return e.packed })
		list = append(list, family{
			dir: dir.Path, source: dir.Source(live), live: live, files: rest[:packed], packed: rest[packed:end],
		})
		rest = rest[end:]
	}
	return assign(dir, list, checkpoints)
}

// compareKin puts a log before what rotation made of it, and that before what is
// compressed.
func compareKin(a, b entry) int {
	return cmp.Or(strings.Compare(a.live, b.live), rank(a)-rank(b), strings.Compare(a.name, b.name))
}

func rank(e entry) int {
	switch {
	case e.packed:
		return 2
	case e.rotated:
		return 1
	}
	return 0
}

// indexOf is the index of the first of which is holds, or the length.
func indexOf(entries []entry, is func(entry) bool) int {
	if i := slices.IndexFunc(entries, is); i >= 0 {
		return i
	}
	return len(entries)
}

// assign gives each checkpoint to the family of its file, or of its name if the
// file is not there.
func assign(dir aipass.LogDir, list []family, checkpoints []checkpoint) []family {
	if len(checkpoints) == 0 {
		return list
	}
	byInode, byName := map[int64]int{}, make(map[string]int, len(list))
	for i, f := range list {
		byName[f.live] = i
		for _, e := range f.files {
			byInode[e.ino] = i
		}
	}
	for _, c := range checkpoints {
		i, listed := byInode[c.ino]
		if !listed {
			name, _ := parseName(c.name)
			var known bool
			if i, known = byName[name.live]; !known {
				i, byName[name.live] = len(list), len(list)
				list = append(list, family{dir: dir.Path, source: dir.Source(name.live), live: name.live})
			}
		}
		list[i].known = append(list[i].known, known{checkpoint: c, listed: listed})
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

// quiet says that nothing has happened in a directory, and that nobody is
// waited for there. Both lists are in the order of their names.
func quiet(entries []entry, checkpoints []checkpoint) bool {
	i := 0
	for _, e := range entries {
		if e.packed {
			continue
		}
		if i == len(checkpoints) || !checkpoints[i].same(e) {
			return false
		}
		i++
	}
	return i == len(checkpoints)
}
