package doctor

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// jobs says whether those that should have run did, by what they noted.
func (p *patient) jobs(context.Context) Step {
	var state actions.State
	if err := statefile.Peek(filepath.Join(p.State, actions.StateFile), &state); err != nil {
		return skip("the state cannot be read")
	}
	now := p.Now()
	var stands []string
	for _, j := range p.Jobs {
		s := j.Stand(&state, now)
		switch {
		case s.LastRun.IsZero():
			return wrong("aipass-actions catch-up, or wait for its time", "%s never ran; its next time is %s", j.Name, shown(s.Next))
		case s.IsDue():
			return wrong("aipass-actions catch-up, and see why it was not started", "%s is overdue since %s", j.Name, shown(s.Due))
		}
		stands = append(stands, fmt.Sprintf("%s ran at %s (%s)", j.Name, shown(s.LastRun), s.Result()))
	}
	return fine("%s", strings.Join(stands, ", "))
}
