// Package schedule says which jobs of an AIPass host are due: when each last
// ran, when it should run next, and whether it did not when it should have,
// because the host was off or asleep or cron was down.
//
// What was missed is due once, however often it was missed. The package keeps
// no clock, starts nothing and waits for nothing: cron does, or a timer, and
// whoever starts the host.
package schedule

import (
	"cmp"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
)

// A Job is an action that is to run by itself.
type Job struct {
	Name   string // of the action
	Timing Timing
}

// A Standing is how a job stands at some time.
type Standing struct {
	Job
	actions.ActionState
	Next time.Time // slot
	// Due since its slot has passed without it; zero if it has not.
	Due time.Time
}

// IsDue says whether the job should have run and has not.
func (s Standing) IsDue() bool { return !s.Due.IsZero() }

// Result says in a word how the job ended when it last ran.
func (s Standing) Result() string {
	return cmp.Or(s.LastStatus, "never ran")
}

// Stand says how a job stands.
func (j Job) Stand(state *actions.State, now time.Time) Standing {
	s := Standing{Job: j, ActionState: state.Actions[j.Name], Next: j.Timing.Next(now)}
	// A run later than the next slot is one of a clock that was wrong.
	if last := j.Timing.Last(now); s.LastRun.Before(last) || s.LastRun.After(s.Next) {
		s.Due = last
		if missed := j.Timing.Next(s.LastRun); !s.LastRun.IsZero() && missed.Before(last) {
			s.Due = missed
		}
	}
	return s
}

// Interval is the time from a run to the next slot after it.
func (j Job) Interval(started time.Time) time.Duration {
	return j.Timing.Next(started).Sub(started)
}

// Due lists the jobs that are, in the order in which they are given.
func Due(jobs []Job, state *actions.State, now time.Time) []Job {
	var due []Job
	for _, j := range jobs {
		if j.Stand(state, now).IsDue() {
			due = append(due, j)
		}
	}
	return due
}
