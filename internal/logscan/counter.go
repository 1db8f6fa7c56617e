package logscan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// What a Counter keeps in its state directory. Whoever counts there, whatever
// the program, holds the lock.
const (
	StateFile = "logs.json"
	LockFile  = "logs.lock"
)

// Options say how to count.
type Options struct {
	// Dir is where state is kept, made if need be. Without one it is kept in
	// memory, and what was logged before the first count is not counted.
	Dir string
	// FromEnd leaves out what was logged before the first count.
	FromEnd bool
	// Location is the zone of timestamps without one; nil is the machine's.
	Location *time.Location
}

// A Counter counts what the logs of one host say. It is safe for concurrent
// use, in any number of processes.
type Counter struct {
	options Options
	home    string
	left    *atomic.Int32 // goroutines that read, or hang in reading

	mu     sync.Mutex
	memory *state // without Options.Dir; nil before the first count
}

// NewCounter makes one for the host at home.
func NewCounter(home string, o Options) *Counter {
	if o.Location == nil {
		o.Location = time.Local
	}
	return &Counter{options: o, home: home, left: new(atomic.Int32)}
}

// ErrBusy says that somebody else is counting; the counts are those that were
// saved last.
var ErrBusy = errors.New("another run is counting log messages")

// Count reads what is new in the logs that the look found, for as long as ctx
// lets it, and saves what it has counted before it returns it. An error comes
// with counts if there are any to be had: with those from zero on if it is a
// *statefile.SetAsideError, else with those that were saved last.
func (c *Counter) Count(ctx context.Context, s *aipass.Snapshot) (*aipass.LogCounts, error) {
	if c.options.Dir == "" {
		return c.inMemory(ctx, s), nil
	}
	unlock, held, err := statefile.TryLock(filepath.Join(c.options.Dir, LockFile))
	if held {
		return c.saved(ErrBusy)
	}
	if err != nil {
		return nil, fmt.Errorf("count log messages: %w", err)
	}
	defer unlock()
	state, fromEnd, err := c.load()
	if _, aside := errors.AsType[*statefile.SetAsideError](err); err != nil && !aside {
		return nil, fmt.Errorf("count log messages: %w", err)
	}
	counts, changed := c.count(ctx, s, &state, fromEnd)
	if changed {
		if saveErr := statefile.Write(c.path(), state.encode); saveErr != nil {
			return c.saved(fmt.Errorf("count log messages: %w", saveErr))
		}
	}
	return counts, err
}

func (c *Counter) path() string { return filepath.Join(c.options.Dir, StateFile) }

func (c *Counter) inMemory(ctx context.Context, s *aipass.Snapshot) *aipass.LogCounts {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := c.memory == nil
	if first {
		empty := newState(c.home)
		c.memory = &empty
	}
	counts, _ := c.count(ctx, s, c.memory, first)
	counts.Totals = maps.Clone(counts.Totals) // the next count goes on with the others
	return counts
}

// load reads the state. Where there is none, or none of use, counting begins;
// in the latter case with what is logged from now on, as if the program had
// run all the time and been restarted.
func (c *Counter) load() (before state, fromEnd bool, err error) {
	found := false
	err = statefile.Read(c.path(), func(r io.Reader) (err error) {
		found = true
		before, err = decode(r)
		return err
	})
	if err == nil && found {
		return before, false, c.sameHome(before.home)
	}
	return newState(c.home), found || c.options.FromEnd, err
}

// sameHome refuses the state of another host: both may have branches of one name.
func (c *Counter) sameHome(home string) error {
	if home == c.home {
		return nil
	}
	there, err := os.Stat(home)
	here, hereErr := os.Stat(c.home)
	if err == nil && hereErr == nil && os.SameFile(there, here) {
		return nil
	}
	return fmt.Errorf("%s is that of %s: name another directory with --state.dir for %s", c.path(), home, c.home)
}

// saved are the counts of the last run that saved any, with why they are not newer.
func (c *Counter) saved(why error) (*aipass.LogCounts, error) {
	var last state
	found := false
	err := statefile.PeekAt(c.path(), func(r io.Reader) (err error) {
		found = true
		last, err = decode(r)
		return err
	})
	if err == nil && found {
		err = c.sameHome(last.home)
	}
	if err != nil || !found {
		return nil, errors.Join(why, err)
	}
	return &aipass.LogCounts{Totals: last.totals}, why
}
