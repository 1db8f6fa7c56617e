package aipass

import (
	"errors"
	"math"
	"strconv"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// An Agent is what .dispatch.lock says: an agent has been started in the branch.
type Agent struct {
	pid int
	// Started is zero if the lock does not say.
	Started time.Time
	// Running: the process that the lock names is alive. AIPass takes the
	// lock of a dead one for stale.
	Running bool
}

func parseAgent(d *jsonfile.Decoder, loc *time.Location) (Agent, error) {
	var a Agent
	if err := wantObject(d); err != nil {
		return a, err
	}
	var pid, started jsonfile.Value
	err := fields(d, func(name string) *jsonfile.Value {
		switch name {
		case "pid":
			return &pid
		case "timestamp":
			return &started
		}
		return nil
	})
	a.pid, _ = strconv.Atoi(pid.Text) // 0 is nobody, which is what no number means
	a.Started, _ = ParseTime(text(started), loc)
	return a, err
}

// alive asks the system whether the process exists; it may be somebody else's.
func alive(pid int) bool {
	if pid <= 0 || pid > math.MaxInt32 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
