package actions

// Events count what became of events that a command was to be told of, by name.
type Events map[string]EventTotals

// EventTotals only grow.
type EventTotals struct {
	Told   int `json:"told_total"`
	Failed int `json:"failed_total"` // the command did not start, did not end in time, or said no
	Left   int `json:"left_total"`   // without trying, for the run had tried too often
}

// Plus adds two.
func (t EventTotals) Plus(u EventTotals) EventTotals {
	return EventTotals{t.Told + u.Told, t.Failed + u.Failed, t.Left + u.Left}
}

// Add counts what became of events of a name.
func (e *Events) Add(name string, t EventTotals) {
	if *e == nil {
		*e = Events{}
	}
	(*e)[name] = (*e)[name].Plus(t)
}

// Register gives events that may come zeros to count from, in a map of their own.
func (e *Events) Register(names []string) {
	known := *e
	*e = make(Events, len(names))
	for _, name := range names {
		(*e)[name] = known[name]
	}
}

func eventFamilies() []Family {
	return []Family{
		counter("aipass_events_total", "Events that the event command was to be told of, by what became of them.", func(s *State, e emit) {
			for event, t := range s.Events {
				e(float64(t.Told), event, "told")
				e(float64(t.Failed), event, "failed")
				e(float64(t.Left), event, "left")
			}
		}, "event", "outcome"),
	}
}
