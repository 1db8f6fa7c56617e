package logscan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A count is one of a whole host, under way. It brings the state up to date as
// reports come in: there is no room for two.
type count struct {
	settings
	*state
	changed bool
	open    map[string]*opened // directories of which logs are being read, by path
	bad     map[aipass.LogSource]aipass.UnreadableLogs
	missed  int   // logs and directories that there was no time for
	pending int   // reports that have not come
	why     error // there was no time
}

// opened is a directory of which logs are being read.
type opened struct {
	files    []checkpoint      // those that have been
	families map[string]family // the others, by name
}

// count reads what is new and brings the state up to date; changed says whether
// there was anything.
func (c *Counter) count(ctx context.Context, s *aipass.Snapshot, st *state, fromEnd bool) (_ *aipass.LogCounts, changed bool) {
	n := &count{
		settings: settings{taken: s.Taken, location: c.options.Location, fromEnd: fromEnd},
		state:    st,
		open:     map[string]*opened{},
		bad:      map[aipass.LogSource]aipass.UnreadableLogs{},
	}
	n.read(ctx, c, s)
	n.giveUp()
	if s.Incomplete == nil && s.Registry.OK() { // else it is unknown what is gone
		n.forgetDirectories(s)
		n.forgetBranches(s)
	}
	return &aipass.LogCounts{Totals: n.totals, Unreadable: n.bad, Incomplete: n.incomplete()}, n.changed
}

// giveUp leaves what is known of logs that nobody reported of in time.
func (n *count) giveUp() {
	n.missed += n.pending
	for path, o := range n.open {
		for _, f := range o.families {
			for _, k := range f.known {
				o.files = append(o.files, k.checkpoint)
			}
		}
		n.settle(path, o.files)
	}
}

func (n *count) incomplete() error {
	if n.missed == 0 {
		return nil
	}
	return fmt.Errorf("count log messages: %d logs or directories of logs not read to the end: %w", n.missed, n.why)
}

// settle says what is known of a directory's logs now.
func (n *count) settle(path string, files []checkpoint) {
	slices.SortFunc(files, func(a, b checkpoint) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.gone, b.gone), cmp.Compare(a.ino, b.ino))
	})
	before := n.dirs[path]
	if before.gone == 0 && slices.Equal(before.files, files) {
		return
	}
	n.changed = true
	if len(files) == 0 {
		delete(n.dirs, path)
		return
	}
	n.dirs[path] = directory{files: slices.Clip(files)}
}

// forgetDirectories drops those that no branch has had for long.
func (n *count) forgetDirectories(s *aipass.Snapshot) {
	known := 0
	for d := range s.LogDirs() {
		if _, ok := n.dirs[d.Path]; ok {
			known++
		}
	}
	if known == len(n.dirs) { // which is as good as always so
		return
	}
	there := map[string]bool{}
	for d := range s.LogDirs() {
		there[d.Path] = true
	}
	for path, d := range n.dirs {
		if there[path] {
			continue
		}
		if n.outlived(&d.gone) {
			delete(n.dirs, path)
		} else {
			n.dirs[path] = d
		}
	}
}

// forgetBranches drops the totals of those that have been in no registry for long.
func (n *count) forgetBranches(s *aipass.Snapshot) {
	registered := make(map[string]bool, len(s.Branches))
	for i := range s.Branches {
		registered[s.Branches[i].Name] = true
	}
	for branch := range n.totals {
		since := n.left[branch]
		switch {
		case branch == "" || registered[branch]:
			n.changed = n.changed || since != 0
			delete(n.left, branch)
		case n.outlived(&since):
			delete(n.totals, branch)
			delete(n.left, branch)
		default:
			n.left[branch] = since
		}
	}
}

// outlived says whether what is gone has been so for long enough; it begins to
// be when nobody has said so yet.
func (n *count) outlived(since *int64) bool {
	if *since == 0 {
		n.changed, *since = true, n.taken.Unix()
	}
	over := n.taken.Sub(time.Unix(*since, 0)) >= remembered
	n.changed = n.changed || over
	return over
}
