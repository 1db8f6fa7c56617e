package events

import (
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// The names of the events.
const (
	healthCheck     = "health_check_complete"
	memoryThreshold = "memory_threshold_exceeded"
	mailCleanup     = "mail_cleanup_complete"
)

// Names are those of all events.
func Names() []string { return []string{healthCheck, memoryThreshold, mailCleanup} }

// HealthCheck is that the alert rules have been evaluated, and in short what
// they found.
func HealthCheck(h central.Health) event.Event {
	return event.Event{Name: healthCheck, Fields: []event.Field{
		event.Number("healthy", h.Healthy),
		event.Number("warnings", len(h.Warnings)),
		event.Number("errors", len(h.Errors)),
		event.Text("timestamp", h.Timestamp),
	}}
}

// MailCleanup is that stale mail has been cleaned up.
func MailCleanup(done actions.CleanupTotals, at time.Time) event.Event {
	return event.Event{Name: mailCleanup, Fields: []event.Field{
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
