package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// DefaultTimeout is how long a command may take.
const DefaultTimeout = 10 * time.Second

// DefaultMost is how many events a run tells of.
const DefaultMost = 100

// hopeless is how often in a row a command fails until a run gives it up: one
// that hangs would cost the run its timeout each time.
const hopeless = 3

// A Runner tells of the events of one run, one after the other.
type Runner struct {
	Command Command
	Timeout time.Duration // for each
	Most    int           // what comes after so many is left
	Dir     string        // where the command starts
	Log     *slog.Logger
	Tally   Tally
	inVain  int // in a row
}

// A Tally counts what became of events.
type Tally struct {
	Told   int
	Failed int // the command did not start, did not end in time, or said no
	Left   int // without trying
}

// Fire tells of an event and says whether that worked. Why it did not is in the
// log: whoever has something to tell has nothing to do about that.
func (r *Runner) Fire(ctx context.Context, e Event) bool {
	if why := r.over(ctx); why != nil {
		if r.Tally.Left++; r.Tally.Left == 1 {
			r.Log.Warn("event command is not run any more", "event", e.Name, "err", why)
		}
		return false
	}
	said, err := r.run(ctx, r.Command.Argv(e))
	if err != nil {
		r.Tally.Failed++
		r.inVain++
		r.Log.Warn("event command failed; run it by hand to see why", "event", e.Name, "err", err, "output", said)
		return false
	}
	r.Tally.Told++
	r.inVain = 0
	return true
}

// over is why no more events are told in this run, or nil.
func (r *Runner) over(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case r.inVain >= hopeless:
		return fmt.Errorf("it failed %d times in a row", hopeless)
	case r.Tally.Told+r.Tally.Failed >= r.Most:
		return fmt.Errorf("there are more than %d events", r.Most)
	}
	return nil
}

// run returns the end of what the command said.
func (r *Runner) run(ctx context.Context, argv []string) (said string, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, fmt.Errorf("not done within %s", r.Timeout))
	defer cancel()
	var out tail
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env, cmd.Dir = environment(), r.Dir
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	cmd.WaitDelay = waitDelay
	err = cmd.Run()
	switch {
	case err != nil && ctx.Err() != nil:
		err = fmt.Errorf("killed: %w", context.Cause(ctx))
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // it did well, and left something running that could still speak
	}
	return out.line(), err
}

// killGroup kills a command and its children.
func killGroup(pid int) error {
	err := syscall.Kill(-pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// waitDelay is how long to listen to what a command that has ended left running.
const waitDelay = 500 * time.Millisecond

// passed is all that a command gets of the environment: who it is, where
// programs are, and where AIPass is.
var passed = [...]string{"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "AIPASS_HOME", "AIPASS_REGISTRY"}

func environment() []string {
	env := []string{}
	for _, name := range passed {
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}
	return env
}
