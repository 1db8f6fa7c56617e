package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/report"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// A past answers a report's questions from the history that runs keep.
type past struct{ db *history.DB }

// Range implements report.History.
func (p past) Range(ctx context.Context, promql string, from, to time.Time, step time.Duration) ([]report.Series, error) {
	found, err := p.db.QueryRange(ctx, promql, from, to, step)
	series := make([]report.Series, len(found))
	for i, s := range found {
		series[i] = report.Series{Labels: s.Labels, Points: make([]report.Point, len(s.Points))}
		for j, point := range s.Points {
			series[i].Points[j] = report.Point(point)
		}
	}
	return series, err
}

// withHistory has the report written with a copy of the history: a run may be
// writing meanwhile, and a report changes nothing. One without history is a report
// all the same.
func (f *reportFlags) withHistory(state *actions.State, now time.Time, logger *slog.Logger, write func(report.History)) {
	db, err := f.copyHistory(state, now, logger)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		logger.Warn("the report goes without what is not usable of the history", "err", err)
	}
	if db == nil {
		write(nil)
		return
	}
	write(past{db})
	if err := db.Close(); err != nil {
		logger.Warn("copy of the history not removed", "err", err)
	}
}

func (f *reportFlags) copyHistory(state *actions.State, now time.Time, logger *slog.Logger) (*history.DB, error) {
	dir, err := f.shared.stateDir()
	if err == nil {
		dir = filepath.Join(dir, alerting.Folder)
		_, err = os.Stat(dir)
	}
	if err != nil {
		return nil, err
	}
	last := state.Actions[runJob]
	return history.OpenCopy(dir, now, history.Options{Interval: last.NextRun.Sub(last.LastRun), Logger: logger})
}
