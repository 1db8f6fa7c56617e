package demohost

// The legacy generation measures memory files in physical lines. These are the
// lines of one without entries, of its optional own limit, and of an entry with
// a single note; every further note is one line more.
const (
	memoryFrameLines = 14
	memoryLimitLines = 3
	memoryEntryLines = 8
	notesPerEntry    = 12
)

type legacyMemory struct {
	Metadata     legacyMetadata `json:"document_metadata"`
	Sessions     []legacyEntry  `json:"sessions,omitempty"`
	Observations []legacyEntry  `json:"observations,omitempty"`
}

type legacyMetadata struct {
	Type    string        `json:"document_type"`
	Name    string        `json:"document_name"`
	Version string        `json:"version"`
	Limits  *legacyLimits `json:"limits,omitempty"`
	Status  legacyStatus  `json:"status"`
}

type legacyLimits struct {
	MaxLines int `json:"max_lines"`
}

type legacyStatus struct {
	Health       string `json:"health"`
	CurrentLines int    `json:"current_lines"`
	LastCheck    string `json:"last_health_check"`
}

type legacyEntry struct {
	Number  int      `json:"session_number"`
	Date    string   `json:"date"`
	Summary string   `json:"summary"`
	Notes   []string `json:"notes"`
}

func (h host) localMemory(b branch) any {
	if b.modern {
		return h.trinityLocal(b)
	}
	doc := legacyMemory{Metadata: h.legacyMetadata("session_history", b.name+".local", b.local)}
	lines := b.local - memoryFrameLines
	if b.localLimit > 0 {
		doc.Metadata.Limits = &legacyLimits{MaxLines: b.localLimit}
		lines -= memoryLimitLines
	}
	doc.Sessions = h.entries(lines)
	return doc
}

func (h host) observedMemory(b branch) any {
	if b.modern {
		return h.trinityObservations(b)
	}
	return legacyMemory{
		Metadata:     h.legacyMetadata("collaboration_patterns", b.name+".observations", b.observations),
		Observations: h.entries(b.observations - memoryFrameLines),
	}
}

func (h host) legacyMetadata(kind, name string, lines int) legacyMetadata {
	return legacyMetadata{
		Type:    kind,
		Name:    name,
		Version: "1.0.0",
		Status:  legacyStatus{Health: "healthy", CurrentLines: lines, LastCheck: h.date(day)},
	}
}

// entries fills the lines with entries, newest first; the oldest one takes the
// lines that are left over.
func (h host) entries(lines int) []legacyEntry {
	count := max(1, lines/(memoryEntryLines+notesPerEntry-1))
	entries := make([]legacyEntry, count)
	for i := range entries {
		notes := notesPerEntry
		if i == count-1 {
			notes = lines - i*(memoryEntryLines+notesPerEntry-1) - memoryEntryLines + 1
		}
		entries[i] = legacyEntry{
			Number:  count - i,
			Date:    h.date(dayCount(i)),
			Summary: pick(summaries(), i),
			Notes:   someNotes(notes, i),
		}
	}
	return entries
}

func someNotes(count, from int) []string {
	notes := make([]string, count)
	for i := range notes {
		notes[i] = pick(remarks(), from+i)
	}
	return notes
}
