package aipass

import (
	"slices"
	"strings"
)

// A pending is a branch that has not been looked at yet.
type pending struct {
	Entry
	layout Layout // of the registry that lists it
	order  int    // among all entries
}

// pending are the branches to look at, of both registries, each name once, by
// name. Of two entries with one name the modern registry's counts, then the
// first, unless its directory is gone: a registry may be left over from before
// the host moved. Two entries for the same place are the host moved in place.
func (h *host) pending() (list []pending, skipped []Skipped) {
	taken := map[string]int{} // index in list, by name
	for _, layout := range [...]Layout{Modern, Legacy} {
		reg := h.registries[layout].Value
		skipped = append(skipped, reg.skipped...)
		for _, e := range reg.Entries {
			p := pending{e, layout, len(list)}
			i, double := taken[strings.ToLower(e.Name)]
			if !double {
				taken[strings.ToLower(e.Name)] = len(list)
				list = append(list, p)
				continue
			}
			first := &list[i]
			if h.samePlace(*first, p) {
				continue
			}
			if !h.stands(*first) && h.stands(p) {
				p.order = first.order
				*first, p = p, *first
			}
			skipped = append(skipped, Skipped{Name: p.Name, Path: p.path, Reason: SameName, Other: first.Name})
		}
	}
	slices.SortFunc(list, func(a, b pending) int { return strings.Compare(a.Name, b.Name) })
	return list, skipped
}

// stands says whether the branch's directory is there.
func (h *host) stands(p pending) bool {
	_, _, err := h.dirs.directory(p.path)
	return err == nil
}

// samePlace says whether two registries list one branch.
func (h *host) samePlace(a, b pending) bool {
	return a.layout != b.layout && h.dirs.mapped(a.path) == h.dirs.mapped(b.path)
}
