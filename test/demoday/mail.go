package demoday

import (
	"fmt"
	"time"
)

// Statuses of mail.
const (
	fresh  = "new"
	opened = "opened"
)

// The letters that the day brings are opened and closed after a while.
const (
	daily       = "The daily letter"
	openedAfter = 3 * time.Hour
	closedAfter = 9 * time.Hour
)

// letter puts a new message on top of an inbox.
func (h *host) letter(box string) error {
	return h.mail(box, func(messages []any) []any {
		return append([]any{map[string]any{
			"id": fmt.Sprintf("%08x", h.now().Unix()), "timestamp": h.stamp(), "from": "@drone", "from_name": "DRONE",
			"subject": daily, "message": "There is one every day.", "status": fresh, "auto_execute": false, "priority": "normal",
		}}, messages...)
	})
}

// tend opens and closes the letters of the day.
func (h *host) tend(box string) error {
	return h.mail(box, func(messages []any) []any {
		kept := []any{}
		for _, m := range messages {
			message := m.(map[string]any)
			age := h.age(message)
			if message["subject"] == daily && age >= closedAfter {
				continue
			}
			if message["subject"] == daily && age >= openedAfter {
				message["status"], message["read"] = opened, true
			}
			kept = append(kept, m)
		}
		return kept
	})
}

func (h *host) age(message map[string]any) time.Duration {
	sent, err := time.Parse(time.DateTime, fmt.Sprint(message["timestamp"]))
	if err != nil {
		return 0 // one of the host's ailments
	}
	return h.now().Sub(sent)
}

// mail changes the messages of an inbox and recounts them, as AIPass does.
func (h *host) mail(box string, change func(messages []any) []any) error {
	return h.edit(box+"/inbox.json", func(doc map[string]any) {
		messages := change(doc["messages"].([]any))
		unread := 0
		for _, m := range messages {
			if m.(map[string]any)["status"] == fresh {
				unread++
			}
		}
		doc["messages"], doc["total_messages"], doc["unread_count"] = messages, len(messages), unread
	})
}
