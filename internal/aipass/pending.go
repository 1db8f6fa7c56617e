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
// name. Of two entries with one name the first counts, unless its directory is
// gone: a registry may have been left behind when the host moved to the other.
func (h *host) pending() (list []pending, skipped []Skipped) {
	taken := map[string]int{} // index in list, by name
	for layout, reg := range h.registries {
		skipped = append(skipped, reg.Value.skipped...)
		for _, e := range reg.Value.Entries {
			p := pending{e, Layout(layout), len(list)}
			i, double := taken[strings.ToLower(e.Name)]
			if !double {
				taken[strings.ToLower(e.Name)] = len(list)
				list = append(list, p)
				continue
			}
			if !h.stands(list[i]) && h.stands(p) {
				p.order = list[i].order
				list[i], p = p, list[i]
			}
			skipped = append(skipped, Skipped{Name: p.Name, Path: p.path, Reason: SameName, Other: list[i].Name})
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
