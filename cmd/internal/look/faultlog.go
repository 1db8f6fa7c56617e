package look

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A FaultLog logs a host's faults when they begin and when they end, not at
// every look.
type FaultLog struct {
	mu    sync.Mutex
	known []knownFault
}

// A knownFault has been logged. It is what collect keeps between runs.
type knownFault struct {
	Branch string `json:"branch"`
	File   string `json:"file"`
	State  string `json:"state"`
}

// Report leaves a look that was cut short aside: what it did not reach is no
// fault of the host's, and nobody knows what has ended.
func (l *FaultLog) Report(s *aipass.Snapshot, logger *slog.Logger) {
	if s.Incomplete != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := []knownFault{}
	for _, f := range s.Faults() {
		fault := knownFault{f.Branch, f.File, f.State.String()}
		now = append(now, fault)
		level := slog.LevelWarn
		if slices.Contains(l.known, fault) {
			level = slog.LevelDebug // it lasts
		}
		logger.Log(context.Background(), level, "fault on the host",
			"branch", f.Branch, "file", f.File, "state", f.State, "err", f.Err, "remedy", f.Remedy)
	}
	for _, fault := range l.known {
		if !slices.Contains(now, fault) {
			logger.Warn("fault is gone", "branch", fault.Branch, "file", fault.File, "state", fault.State)
		}
	}
	l.known = now
}
