package main

import (
	"context"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/actions/events"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// fire notes what the round found, and tells of its events if somebody wants to
// hear of them.
func (r *round) fire(ctx context.Context, s central.Source) {
	tell := r.teller(ctx)
	if r.evaluated {
		h := s.Health()
		r.state.Health.LastRun = r.started
		r.state.Health.Last = actions.HealthStatus{Healthy: h.Healthy, Warnings: len(h.Warnings), Errors: len(h.Errors)}
		tell(events.HealthCheck(h))
	}
	at := r.host.look.Taken.In(r.host.mailbox.Location)
	r.state.Memory = events.Memory(r.host.look, r.state.Memory, at, tell)
	if c := r.report.Cleanup; c != nil {
		tell(events.MailCleanup(actions.CleanupTotals{AutoOpened: c.Opened, AutoClosed: c.Closed, Errors: c.Failed}, at))
	}
}

// teller tells the event command of events, and says of each whether that worked.
// Without a command nothing is told.
func (r *round) teller(ctx context.Context) func(event.Event) bool {
	command, err := r.eventCommand()
	if command == nil || err != nil || ctx.Err() != nil {
		return func(event.Event) bool { return false }
	}
	if r.dryRun {
		return func(e event.Event) bool {
			r.report.Would.Events = append(r.report.Would.Events, e.String())
			return false
		}
	}
	r.state.Events.Register(events.Names())
	r.report.Events = new(eventsReport)
	runner := event.Runner{Command: *command, Timeout: r.eventTime, Most: event.DefaultMost, Dir: r.host.tree.Root(), Log: r.logger}
	return func(e event.Event) bool {
		before := runner.Tally
		told := runner.Fire(ctx, e)
		after := runner.Tally
		r.state.Events.Add(e.Name, actions.EventTotals{
			Told: after.Told - before.Told, Failed: after.Failed - before.Failed, Left: after.Left - before.Left,
		})
		*r.report.Events = eventsReport(after)
		return told
	}
}
