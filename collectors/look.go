package collectors

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A Look is a snapshot with what there is to say of how it was taken.
type Look struct {
	Snapshot *aipass.Snapshot
	// Started is when the look began.
	Started time.Time
	// Interval is the time to the next look; zero if nobody knows.
	Interval time.Duration
}

// A result is what became of one collector.
type result struct {
	collector string
	duration  time.Duration
	ok        bool
}

// each runs the collectors over the look, every family with the emitter that
// open makes for it, and then the families about the look itself. A collector
// that panics is marked as failed and costs no other its place.
func (l Look) each(cs []Collector, logger *slog.Logger, open func(Family) (emit Emitter, done func() error)) error {
	results := make([]result, 0, len(cs))
	for _, c := range cs {
		start := time.Now()
		fault, err := runCollector(c, l.Snapshot, open)
		if err != nil {
			return err
		}
		if fault != nil {
			logger.Error("collector failed", "collector", c.Name, "err", fault)
		}
		whole := l.Snapshot.Incomplete == nil && (c.Incomplete == nil || c.Incomplete(l.Snapshot) == nil)
		results = append(results, result{c.Name, time.Since(start), fault == nil && whole})
	}
	for _, f := range aboutLook(l, results) {
		if err := runFamily(f, l.Snapshot, open); err != nil {
			return err
		}
	}
	return nil
}

// runCollector tells its own faults from those of the reader of the samples.
func runCollector(c Collector, s *aipass.Snapshot, open func(Family) (Emitter, func() error)) (fault, err error) {
	defer func() {
		if p := recover(); p != nil {
			fault = fmt.Errorf("panic: %v", p)
		}
	}()
	for _, f := range c.Families {
		if err := runFamily(f, s, open); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// runFamily closes the family whatever becomes of it: what a collector said
// before it panicked was right.
func runFamily(f Family, s *aipass.Snapshot, open func(Family) (Emitter, func() error)) (err error) {
	emit, done := open(f)
	defer func() { err = done() }()
	f.Collect(s, emit)
	return nil
}
