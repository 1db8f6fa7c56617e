package demohost

// The modern generation measures memory files in entries of their arrays.
// Sessions are what the cast is told apart by; the others do not vary.
const (
	learningCount = 15
	todoCount     = 5
)

type trinityMetadata struct {
	Type          string        `json:"document_type"`
	Name          string        `json:"document_name"`
	Version       string        `json:"version"`
	SchemaVersion string        `json:"schema_version"`
	Created       string        `json:"created"`
	LastUpdated   string        `json:"last_updated"`
	ManagedBy     string        `json:"managed_by"`
	Status        trinityStatus `json:"status"`
}

type trinityStatus struct {
	Health    string `json:"health"`
	LastCheck string `json:"last_health_check"`
}

type trinityLocal struct {
	Metadata     trinityMetadata  `json:"document_metadata"`
	Todos        []trinityTodo    `json:"todos"`
	KeyLearnings []trinityLesson  `json:"key_learnings"`
	Sessions     []trinitySession `json:"sessions"`
}

type trinityTodo struct {
	Number int    `json:"number"`
	Date   string `json:"date"`
	Task   string `json:"task"`
}

type trinityLesson struct {
	Date  string `json:"date"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

type trinitySession struct {
	Number  int      `json:"number"`
	Date    string   `json:"date"`
	Summary string   `json:"summary"`
	Status  string   `json:"status"`
	Tags    []string `json:"tags"`
}

type trinityObservations struct {
	Metadata     trinityMetadata      `json:"document_metadata"`
	Observations []trinityObservation `json:"observations"`
}

type trinityObservation struct {
	Number int      `json:"number"`
	Date   string   `json:"date"`
	Note   string   `json:"note"`
	Tags   []string `json:"tags"`
}

// trinityLocal has its arrays newest first, as AIPass keeps them.
func (h host) trinityLocal(b branch) trinityLocal {
	doc := trinityLocal{Metadata: h.trinityMetadata("session_history", b.name+".LOCAL", b)}
	for i := range todoCount {
		doc.Todos = append(doc.Todos, trinityTodo{todoCount - i, h.date(dayCount(i)), pick(remarks(), i)})
	}
	for i := range learningCount {
		lesson := trinityLesson{h.date(dayCount(i)), pick(topics(), i), pick(remarks(), i+todoCount)}
		doc.KeyLearnings = append(doc.KeyLearnings, lesson)
	}
	for i := range b.local {
		doc.Sessions = append(doc.Sessions, trinitySession{
			Number:  b.local - i,
			Date:    h.date(dayCount(i)),
			Summary: pick(summaries(), i),
			Status:  "completed",
			Tags:    []string{pick(topics(), i)},
		})
	}
	return doc
}

func (h host) trinityObservations(b branch) trinityObservations {
	doc := trinityObservations{Metadata: h.trinityMetadata("collaboration_patterns", b.name+".OBSERVATIONS", b)}
	for i := range b.observations {
		doc.Observations = append(doc.Observations, trinityObservation{
			Number: b.observations - i,
			Date:   h.date(dayCount(i)),
			Note:   pick(remarks(), i),
			Tags:   []string{pick(topics(), i)},
		})
	}
	return doc
}

func (h host) trinityMetadata(kind, name string, b branch) trinityMetadata {
	return trinityMetadata{
		Type:          kind,
		Name:          name,
		Version:       "1.0.0",
		SchemaVersion: "3.0.0",
		Created:       h.date(120 * day),
		LastUpdated:   h.date(0),
		ManagedBy:     b.name,
		Status:        trinityStatus{Health: "healthy", LastCheck: h.date(day)},
	}
}
