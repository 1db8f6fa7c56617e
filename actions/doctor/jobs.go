package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// jobs says whether those that should have run did, by what they noted.
func (p *patient) jobs(context.Context) Step {
	state, err := p.state()
	if err != nil {
		return skip("the state cannot be read")
	}
	now, since := p.Now(), p.knownSince(&state)
	var stands []string
	for _, j := range p.Jobs {
		s := j.Stand(&state, now)
		switch {
		case s.LastRun.IsZero() && j.Timing.Next(since).After(now):
			stands = append(stands, fmt.Sprintf("%s is not due yet: its first time is %s", j.Name, shown(s.Next)))
			continue
		case s.LastRun.IsZero():
			return wrong(p.command(catchUp)+", or wait for its time", "%s never ran; its next time is %s", j.Name, shown(s.Next))
		case s.IsDue():
			return wrong(p.command(catchUp)+", and see why it was not started", "%s is overdue since %s", j.Name, shown(s.Due))
		}
		stands = append(stands, fmt.Sprintf("%s ran at %s (%s)", j.Name, shown(s.LastRun), s.Result()))
	}
	return fine("%s", strings.Join(stands, ", "))
}

func (p *patient) state() (state actions.State, err error) {
	err = statefile.Peek(filepath.Join(p.State, actions.StateFile), &state)
	return state, err
}

// knownSince is from when on jobs could have run: since the oldest trace of one,
// which is the lock that the first run makes, if it was not lost. A host on which
// nothing has run has just been set up, if something starts the jobs; else that
// they never ran is no wonder, and the time is zero.
func (p *patient) knownSince(state *actions.State) (since time.Time) {
	if p.isScheduled {
		since = p.Now()
	}
	earlier := func(t time.Time) {
		if !t.IsZero() && (since.IsZero() || t.Before(since)) {
			since = t
		}
	}
	for _, a := range state.Actions {
		earlier(a.LastRun)
	}
	entries, _ := os.ReadDir(p.State) // there is none before the first run
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			earlier(info.ModTime())
		}
	}
	return since
}

// hourly is how often runs come, if nothing says otherwise.
const hourly = time.Hour

// isOld says whether what every run writes anew was written by none of the last
// three.
func (p *patient) isOld(written time.Time) bool {
	interval := hourly
	if state, err := p.state(); err == nil {
		run := state.Actions[runJob]
		interval = max(interval, run.NextRun.Sub(run.LastRun))
	}
	return p.Now().Sub(written) > 3*interval
}
