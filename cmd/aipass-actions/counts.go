package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aiosai/aipass-exporter/actions"
)

// addCounts adds what has been counted to the state, in which other programs
// count as well. It waits until ctx ends for a run that is at work.
func (f *sharedFlags) addCounts(ctx context.Context, h host, counted *actions.State, logger *slog.Logger) error {
	s, err := f.holdState(ctx, logger)
	if err != nil {
		return err
	}
	defer s.unlock()
	if err := h.mayUse(&s.State); err != nil {
		return err
	}
	s.Home = h.tree.Root()
	s.Count(counted)
	if h.look.Registry.OK() {
		s.Notifications.Register(names(h.look))
	}
	if err := s.save(); err != nil {
		return err
	}
	if err := f.publish(&s.State); err != nil { // the counts are saved
		logger.Warn("textfile not written", "err", err)
	}
	return nil
}

// countMail brings up to date what is counted of a host that somebody has sent
// mail to by hand. It is no hurry: what a run that is at work keeps from being
// counted is not worth a word.
func (f *sharedFlags) countMail(ctx context.Context, h host, tally *actions.Tally, logger *slog.Logger) {
	limited, cancel := context.WithTimeout(ctx, f.host.Timeout)
	defer cancel()
	h.look = h.tree.Snapshot(limited)
	h.countAllCentrally(limited, nil, logger)
	patient, stop := context.WithTimeout(limited, receiverTime)
	defer stop()
	err := tally.Save(func(counted *actions.State) error { return f.addCounts(patient, h, counted, logger) })
	if err != nil && !errors.Is(err, errBusy) {
		logger.Warn("counts not saved", "err", err)
	}
}
