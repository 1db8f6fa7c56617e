package aipass

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A Dashboard is a branch's DASHBOARD.local.json.
type Dashboard struct {
	// Updated is when it says it was brought up to date; zero if it does not.
	Updated time.Time
	// dayOnly: AIPass wrote only a date, which Updated is the beginning of.
	dayOnly bool
}

// parseDashboard reads last_updated or, where trigger wrote the file,
// last_refreshed.
func parseDashboard(d *jsonfile.Decoder, loc *time.Location) (Dashboard, error) {
	if err := wantObject(d); err != nil {
		return Dashboard{}, err
	}
	var updated, refreshed jsonfile.Value
	err := fields(d, func(name string) *jsonfile.Value {
		switch name {
		case "last_updated":
			return &updated
		case "last_refreshed":
			return &refreshed
		}
		return nil
	})
	for _, v := range [...]jsonfile.Value{updated, refreshed} {
		if t, ok := ParseTime(text(v), loc); ok {
			return Dashboard{Updated: t}, err
		}
		if t, parseErr := time.Parse(dateOnly, text(v)); parseErr == nil {
			return Dashboard{Updated: local(t, loc), dayOnly: true}, err
		}
	}
	return Dashboard{}, err
}

// UpdatedAt is when the dashboard was brought up to date as far as anybody can
// tell: what it says; the file's own time if that falls on the day it says;
// else that day's end; else, if it says nothing, the file's own time.
func UpdatedAt(f *File[Dashboard]) time.Time {
	switch {
	case f.Value.Updated.IsZero():
		return f.ModTime()
	case !f.Value.dayOnly:
		return f.Value.Updated
	}
	day := f.Value.Updated
	end := day.AddDate(0, 0, 1).Add(-time.Second)
	if modified := f.ModTime(); !modified.Before(day) && !modified.After(end) {
		return modified
	}
	return end
}
