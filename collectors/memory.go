package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func memory() Collector {
	return Collector{
		Name: "memory",
		Help: "Memory files: lines and entries, and the limits AIPass itself would use.",
		Families: []Family{
			gauge("aipass_memory_lines", "Lines of a memory file as AIPass counts them.", ofBranch(memoryLines), "branch", "file"),
			gauge("aipass_memory_lines_limit", "Lines at which AIPass itself would roll the file over, absent where it goes by entries.", memoryLinesLimit, "branch", "file"),
			gauge("aipass_memory_entries", "Entries in an array of a memory file.", ofBranch(memoryEntries), "branch", "file", "array"),
			gauge("aipass_memory_entries_limit", "Entries at which AIPass itself would roll the array over, absent where it does not.", memoryEntriesLimit, "branch", "file", "array"),
		},
	}
}

func memoryLines(b *aipass.Branch, emit Emitter) {
	for _, m := range b.Memories() {
		if m.File.Value.LinesKnown {
			emit.Value(float64(m.File.Value.Lines), b.Name, m.Name)
		}
	}
}

func memoryLinesLimit(s *aipass.Snapshot, emit Emitter) {
	for i := range s.Branches {
		b := &s.Branches[i]
		for _, m := range b.Memories() {
			if !m.File.Value.LinesKnown {
				continue
			}
			if limit, ok := s.LinesLimit(b, &m.File.Value); ok {
				emit.Value(limit, b.Name, m.Name)
			}
		}
	}
}

func memoryEntries(b *aipass.Branch, emit Emitter) {
	for _, m := range b.Memories() {
		if !m.File.OK() {
			continue
		}
		for _, array := range aipass.EntryArrays {
			if n, ok := m.File.Value.Entries(array); ok {
				emit.Value(float64(n), b.Name, m.Name, array)
			}
		}
	}
}

func memoryEntriesLimit(s *aipass.Snapshot, emit Emitter) {
	for i := range s.Branches {
		b := &s.Branches[i]
		for _, m := range b.Memories() {
			for _, array := range aipass.EntryArrays {
				if _, ok := m.File.Value.Entries(array); !ok || !m.File.OK() {
					continue
				}
				if limit, ok := s.EntriesLimit(b, array); ok {
					emit.Value(limit, b.Name, m.Name, array)
				}
			}
		}
	}
}
