package logscan

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A count is one of a whole host, under way.
type count struct {
	settings
	dirs    map[string]*progress
	news    map[aipass.LogSource]aipass.LogTotals
	bad     map[aipass.LogSource]aipass.UnreadableLogs
	cut     int   // files that there was no time for
	pending int   // reports that have not come
	why     error // there was no time
}

// progress is what is known of the logs of a directory by now.
type progress struct {
	known []checkpoint      // before
	open  map[string]family // being read, by name
	files []checkpoint      // read
	done  bool              // the directory has been listed
}

// leave leaves what is known as it is.
func (p *progress) leave() { p.files, p.done = slices.Clone(p.known), true }

// count reads what is new and returns the state after it, and whether that
// differs from the one before.
func (c *Counter) count(ctx context.Context, s *aipass.Snapshot, before state, fromEnd bool) (after state, _ *aipass.LogCounts, changed bool) {
	n := &count{
		settings: settings{taken: s.Taken, location: c.options.Location, fromEnd: fromEnd},
		dirs:     map[string]*progress{},
		news:     map[aipass.LogSource]aipass.LogTotals{},
		bad:      map[aipass.LogSource]aipass.UnreadableLogs{},
	}
	n.read(ctx, c, s.LogDirs(), before)
	after, changed = n.after(s, before)
	return after, &aipass.LogCounts{Totals: after.counts(), Unreadable: n.bad, Incomplete: n.incomplete()}, changed
}

func (n *count) incomplete() error {
	missed := n.cut
	for _, p := range n.dirs {
		if !p.done {
			missed++
		}
		for _, f := range p.open {
			missed += len(f.files)
		}
	}
	if missed == 0 {
		return nil
	}
	return fmt.Errorf("count log messages: %d logs or directories of logs not read to the end: %w", missed, n.why)
}

// after is the state that the next run goes on from.
func (n *count) after(s *aipass.Snapshot, before state) (after state, changed bool) {
	after = newState(before.home)
	whole := s.Incomplete == nil && s.Registry.OK() // else it is unknown which there are
	for path, d := range before.dirs {
		if _, visited := n.dirs[path]; !visited {
			if keep, gone := stillKnown(d.gone, whole, s.Taken); keep {
				changed = changed || gone != d.gone
				after.dirs[path] = directory{d.files, gone}
				continue
			}
			changed = true
		}
	}
	for path, p := range n.dirs {
		files := p.result()
		changed = changed || before.dirs[path].gone != 0 || !slices.Equal(files, p.known)
		if len(files) > 0 {
			after.dirs[path] = directory{files: files}
		}
	}
	return after, n.addUp(s, whole, before, after) || changed
}

// result is what is known of a directory's logs now, in the order of their names.
func (p *progress) result() []checkpoint {
	if !p.done {
		return p.known
	}
	files := p.files
	for _, f := range p.open { // nobody knows how far they got
		for _, k := range f.known {
			files = append(files, k.checkpoint)
		}
	}
	slices.SortFunc(files, func(a, b checkpoint) int { return strings.Compare(a.name, b.name) })
	return files
}

// addUp adds the news to the totals, and forgets branches that have been in no
// registry for long.
func (n *count) addUp(s *aipass.Snapshot, whole bool, before, after state) (changed bool) {
	registered := map[string]bool{"": true}
	for i := range s.Branches {
		registered[s.Branches[i].Name] = true
	}
	for source, t := range before.totals {
		if registered[source.Branch] {
			changed = changed || t.gone != 0
			t.gone = 0
		} else if keep, gone := stillKnown(t.gone, whole, s.Taken); keep {
			changed = changed || gone != t.gone
			t.gone = gone
		} else {
			changed = true
			continue
		}
		after.totals[source] = t
	}
	for source, news := range n.news {
		t := after.totals[source]
		t.add(news)
		after.totals[source] = t
		changed = true
	}
	return changed
}

// stillKnown says whether what is gone is remembered, and since when it is gone.
func stillKnown(since int64, whole bool, taken time.Time) (keep bool, gone int64) {
	switch {
	case since == 0 && whole:
		return true, taken.Unix()
	case since == 0 || !whole:
		return true, since
	}
	return taken.Sub(time.Unix(since, 0)) < remembered, since
}

func (t *totals) add(news aipass.LogTotals) {
	for level, n := range news.Messages {
		t.Messages[level] += n
	}
	t.Read += news.Read
	t.Lost += news.Lost
	t.Rotations += news.Rotations
	t.LastError = max(t.LastError, news.LastError)
}

// counts are the totals as others see them.
func (s state) counts() map[aipass.LogSource]aipass.LogTotals {
	counts := make(map[aipass.LogSource]aipass.LogTotals, len(s.totals))
	for source, t := range maps.All(s.totals) {
		counts[source] = t.LogTotals
	}
	return counts
}
