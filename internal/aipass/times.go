package aipass

import (
	"strings"
	"time"
)

const (
	dateOnly   = "2006-01-02"
	minuteTime = "2006-01-02T15:04"
	localTime  = "2006-01-02T15:04:05" // Parse takes a fraction after it as well
)

// ParseTime reads a timestamp as AIPass's programs and agents write them:
// date and time with a blank or a T between, seconds and a fraction or none, local in loc
// unless a zone follows. ok is false for anything else.
func ParseTime(s string, loc *time.Location) (t time.Time, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < len(minuteTime) {
		return time.Time{}, false
	}
	if s[len(dateOnly)] == ' ' {
		s = s[:len(dateOnly)] + "T" + s[len(dateOnly)+1:]
	}
	for _, layout := range [...]string{localTime, minuteTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return local(t, loc), true
		}
		for _, zone := range [...]string{"Z07:00", "Z0700", "Z07", " Z07:00", " MST"} {
			if t, err := time.Parse(layout+zone, s); err == nil && (zone != " MST" || isUTC(s)) {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// isUTC guards against zone abbreviations, which time.Parse accepts without
// knowing what they mean.
func isUTC(s string) bool { return strings.HasSuffix(s, " UTC") || strings.HasSuffix(s, " GMT") }

// local reads the wall clock of t in loc. A time that occurs twice, when
// clocks are put back, is taken as the later one: a mail may look younger than
// it is, never older. A time that does not occur, when clocks are put
// forward, is read as if they had not been, as Python does.
func local(t time.Time, loc *time.Location) time.Time {
	before := t.Add(-offset(t.Add(-24*time.Hour), loc))
	after := t.Add(-offset(t.Add(24*time.Hour), loc))
	later, earlier := after, before
	if before.After(after) {
		later, earlier = before, after
	}
	for _, u := range [...]time.Time{later, earlier} {
		if u.Add(offset(u, loc)).Equal(t) {
			return u.In(loc)
		}
	}
	return before.In(loc)
}

func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
