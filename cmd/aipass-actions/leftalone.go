package main

import (
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// leftAlone is the mail that undos put back.
func leftAlone(state actions.State) cleanup.LeftAlone {
	left := cleanup.LeftAlone{}
	for _, l := range state.MailCleanup.LeftAlone {
		key := mailbox.Key{ID: l.ID, Timestamp: l.Timestamp, Subject: l.Subject}
		left[l.Branch] = append(left[l.Branch], cleanup.Left{Key: key, Status: l.Status})
	}
	return left
}

// leave notes what an undo has put back.
func leave(state *actions.State, results []cleanup.Undone, now time.Time) {
	for _, r := range results {
		for _, l := range r.Left {
			state.MailCleanup.LeftAlone = append(state.MailCleanup.LeftAlone, actions.LeftAlone{
				Branch: r.Branch, ID: l.Key.ID, Timestamp: l.Key.Timestamp, Subject: l.Key.Subject, Status: l.Status, Since: now,
			})
		}
	}
}
