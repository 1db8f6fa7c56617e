package main

import (
	"log/slog"
	"sync"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A faultLog logs a host's faults when they begin and when they end, not at
// every look.
type faultLog struct {
	mu    sync.Mutex
	known map[faultKey]aipass.State
}

type faultKey struct{ branch, file string }

func (l *faultLog) report(s *aipass.Snapshot, logger *slog.Logger) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := map[faultKey]aipass.State{}
	for _, f := range s.Faults() {
		key := faultKey{f.Branch, f.File}
		now[key] = f.State
		if was, lasting := l.known[key]; lasting && was == f.State {
			continue
		}
		logger.Warn("fault on the host", "branch", f.Branch, "file", f.File, "state", f.State, "err", f.Err, "remedy", f.Remedy)
	}
	for key := range l.known {
		if _, lasting := now[key]; !lasting {
			logger.Info("fault is gone", "branch", key.branch, "file", key.file)
		}
	}
	l.known = now
}
