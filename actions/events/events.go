package events

import (
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// HealthCheck is that the alert rules have been evaluated, and in short what
// they found.
func HealthCheck(h central.Health) event.Event {
	return event.Event{Name: "health_check_complete", Fields: []event.Field{
		event.Number("healthy", h.Healthy),
		event.Number("warnings", len(h.Warnings)),
		event.Number("errors", len(h.Errors)),
		event.Text("timestamp", h.Timestamp),
	}}
}

// MailCleanup is that stale mail has been cleaned up.
func MailCleanup(done actions.CleanupTotals, at time.Time) event.Event {
	return event.Event{Name: "mail_cleanup_complete", Fields: []event.Field{
		event.Number("auto_opened", done.AutoOpened),
		event.Number("auto_closed", done.AutoClosed),
		event.Number("errors", done.Errors),
		timestamp(at),
	}}
}

// timestamp is a time in its own zone, as AIPass writes it.
func timestamp(at time.Time) event.Field {
	return event.Text("timestamp", at.Format("2006-01-02T15:04:05"))
}
