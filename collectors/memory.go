package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func memory() Collector {
	return Collector{
		Name: "memory",
		Help: "Memory files: lines and entries, and the limits AIPass itself would use.",
		Families: []Family{
			gauge("aipass_memory_lines", "Lines of a memory file as AIPass counts them.",
				ofMemory(isLines, fill), "branch", "file"),
			gauge("aipass_memory_lines_limit", "Lines at which AIPass itself would roll the file over, absent where it goes by entries.",
				ofMemory(isLines, limit), "branch", "file"),
			gauge("aipass_memory_entries", "Entries in an array of a memory file.",
				ofMemory(isEntries, fill), "branch", "file", "array"),
			gauge("aipass_memory_entries_limit", "Entries at which AIPass itself would roll the array over, absent where it does not.",
				ofMemory(isEntries, limit), "branch", "file", "array"),
		},
	}
}

func isLines(f aipass.Fill) bool   { return f.Array == "" }
func isEntries(f aipass.Fill) bool { return f.Array != "" }

func fill(f aipass.Fill) (value float64, ok bool)  { return float64(f.N), true }
func limit(f aipass.Fill) (value float64, ok bool) { return f.Limit, f.Limit > 0 }

// ofMemory emits a value of every fill that is of the kind.
func ofMemory(kind func(aipass.Fill) bool, value func(aipass.Fill) (float64, bool)) func(*aipass.Snapshot, Emitter) {
	return func(s *aipass.Snapshot, emit Emitter) {
		var fills []aipass.Fill
		for i := range s.Branches {
			b := &s.Branches[i]
			fills = s.AppendFills(fills[:0], b)
			for _, f := range fills {
				v, ok := value(f)
				switch {
				case !kind(f) || !ok:
				case f.Array == "":
					emit.Value(v, b.Name, f.File)
				default:
					emit.Value(v, b.Name, f.File, f.Array)
				}
			}
		}
	}
}
