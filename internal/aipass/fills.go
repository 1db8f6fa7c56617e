package aipass

import "math"

// A Fill is how full a memory file, or one of its arrays, is.
type Fill struct {
	File  string // local or observations
	Array string // one of EntryArrays, or "" for the file's lines
	N     int    // lines or entries
	// Limit is where AIPass itself would roll over: above 0, or 0 if it never would.
	Limit float64
}

// Fills lists what can be counted in the branch's memory files: the lines of
// those that are text, the arrays of those that are whole.
func (s *Snapshot) Fills(b *Branch) []Fill { return s.AppendFills(nil, b) }

// AppendFills is Fills for those who ask of many branches.
func (s *Snapshot) AppendFills(fills []Fill, b *Branch) []Fill {
	for _, f := range [...]MemoryFile{{Kind: localKind, File: &b.Local}, {Kind: observationsKind, File: &b.Observations}} {
		memory := &f.Value
		if memory.LinesKnown {
			fills = append(fills, Fill{File: f.Kind, N: memory.Lines, Limit: reachable(s.linesLimit(b, memory))})
		}
		if !f.OK() {
			continue
		}
		for i, array := range EntryArrays {
			if memory.entries[i] == absent {
				continue
			}
			limit := reachable(s.entriesLimit(b, f.Kind, array, memory))
			fills = append(fills, Fill{f.Kind, array, int(memory.entries[i]), limit})
		}
	}
	return fills
}

// reachable leaves only limits that a file can reach: agents write these
// numbers by hand, and NaN and Infinity are numbers to Python.
func reachable(limit float64) float64 {
	if limit > 0 && !math.IsInf(limit, 1) {
		return limit
	}
	return 0
}
