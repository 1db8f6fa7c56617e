package schedule

import "time"

// A Timing says when a job should run: its slots, as cron has them. Slots are
// of the wall clock, which now and then skips an hour or has it twice.
type Timing struct {
	daily    bool
	hour     int
	location *time.Location
}

// Hourly is every full hour of the wall clock.
func Hourly(location *time.Location) Timing { return Timing{location: location} }

// Daily is once a day at a full hour of the wall clock: the first time if the
// clock shows it twice; when the clock has been put forward, if it skips it.
func Daily(hour int, location *time.Location) Timing {
	return Timing{daily: true, hour: hour, location: location}
}

// Next is the first slot after a time.
func (t Timing) Next(after time.Time) time.Time {
	if t.daily {
		for day := 0; ; day++ {
			if slot := t.onDay(after, day); slot.After(after) {
				return slot
			}
		}
	}
	return t.fullHour(after.Truncate(time.Minute).Add(time.Minute), time.Minute)
}

// Last is the last slot that is not after a time.
func (t Timing) Last(now time.Time) time.Time {
	if !t.daily {
		return t.fullHour(now.Truncate(time.Minute), -time.Minute)
	}
	for day := 0; ; day-- {
		if slot := t.onDay(now, day); !slot.After(now) {
			return slot
		}
	}
}

// fullHour is the first one from a minute on, in steps of one: when a zone puts
// its clocks by half an hour there is none for longer than that.
func (t Timing) fullHour(minute time.Time, step time.Duration) time.Time {
	for minute.In(t.location).Minute() != 0 {
		minute = minute.Add(step)
	}
	return minute.In(t.location)
}

// onDay is the slot of a day, so many after that of a time.
func (t Timing) onDay(of time.Time, days int) time.Time {
	year, month, day := of.In(t.location).Date()
	clock := time.Date(year, month, day+days, t.hour, 0, 0, 0, time.UTC)
	before, after := t.as(clock, -24*time.Hour), t.as(clock, 24*time.Hour)
	first, second := before, after
	if second.Before(first) {
		first, second = second, first
	}
	for _, slot := range [...]time.Time{first, second} {
		if slot.Hour() == t.hour && slot.Minute() == 0 {
			return slot
		}
	}
	put, _ := before.ZoneBounds() // forward
	return put.In(t.location)
}

// as reads a wall clock with the offset from UTC of so much later.
func (t Timing) as(clock time.Time, later time.Duration) time.Time {
	_, offset := clock.Add(later).In(t.location).Zone()
	return clock.Add(-time.Duration(offset) * time.Second).In(t.location)
}
