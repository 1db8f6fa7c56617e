package demoday

import (
	"os"
	"slices"
	"time"
)

// Files of the cast that have a part in the day.
const (
	droneMail   = "aipass_core/drone/ai_mail.local"
	flowMail    = "src/aipass/flow/.ai_mail.local"
	triggerMail = "src/aipass/trigger/.ai_mail.local"
	brokenInbox = "aipass_core/ai_mail/ai_mail.local/inbox.json"
	praxInbox   = "src/aipass/prax/.ai_mail.local/inbox.json"
	memoryBank  = "MEMORY_BANK/MEMORY_BANK.local.json"
	assistant   = "aipass_os/dev_central/assistant/ASSISTANT.local.json"
	flowMemory  = "src/aipass/flow/.trinity/local.json"
	memoryLog   = "MEMORY_BANK/logs/rollover.log"
	droneLog    = "aipass_core/drone/logs/ops.log"
	flowLog     = "src/aipass/flow/logs/plans.log"
	stalledLock = "src/aipass/trigger/.ai_mail.local/.dispatch.lock"
)

const emptyInbox = `{"mailbox": "inbox", "total_messages": 0, "unread_count": 0, "messages": []}`

// An event is something that happens between two hours of the day: every so many
// of them, from one on and before another.
type event struct {
	from, before, every int
	do                  func(*host) error
}

// events is the story of the day.
func events() []event {
	return []event{
		// One memory file grows beyond its limit and is rolled over, one grows
		// towards it, and one has ever more sessions.
		{1, 16, 1, func(h *host) error { return h.lengthen(memoryBank, 5) }},
		{16, 17, 1, func(h *host) error { return h.rollOver(memoryBank) }},
		{17, 25, 1, func(h *host) error { return h.lengthen(memoryBank, 2) }},
		{1, 25, 1, func(h *host) error { return h.lengthen(assistant, 4) }},
		{2, 25, 2, func(h *host) error { return h.remember(flowMemory) }},
		// Mail comes, and is opened and closed.
		{1, 25, 1, func(h *host) error { return h.letter(droneMail) }},
		{2, 25, 2, func(h *host) error { return h.letter(flowMail) }},
		{3, 25, 3, func(h *host) error { return h.letter(triggerMail) }},
		{1, 25, 1, func(h *host) error { return h.tend(droneMail) }},
		{1, 25, 1, func(h *host) error { return h.tend(flowMail) }},
		{1, 25, 1, func(h *host) error { return h.tend(triggerMail) }},
		// One inbox is repaired, another breaks for two hours.
		{14, 15, 1, func(h *host) error { return h.write(brokenInbox, []byte(emptyInbox)) }},
		{10, 11, 1, func(h *host) error { return h.write(praxInbox, []byte(`{"messages": [`)) }},
		{12, 13, 1, func(h *host) error { return h.write(praxInbox, []byte(emptyInbox)) }},
		// A morning of errors, chatter at all hours, and a log that is rotated.
		{1, 25, 1, func(h *host) error { return h.log(droneLog, "INFO", 40) }},
		{1, 25, 1, func(h *host) error { return h.log(flowLog, "INFO", 25) }},
		{4, 8, 1, func(h *host) error { return h.log(droneLog, "ERROR", 12) }},
		{6, 7, 1, func(h *host) error { return h.log(droneLog, "CRITICAL", 2) }},
		{3, 25, 4, func(h *host) error { return h.log(flowLog, "WARNING", 6) }},
		{9, 25, 6, func(h *host) error { return h.log(flowLog, "ERROR", 3) }},
		{12, 13, 1, func(h *host) error { return h.rotate(flowLog) }},
		// The memory bank says what it does, and complains when a file is full.
		{1, 25, 1, func(h *host) error { return h.log(memoryLog, "INFO", 8) }},
		{9, 16, 2, func(h *host) error { return h.log(memoryLog, "WARNING", 4) }},
		{14, 16, 1, func(h *host) error { return h.log(memoryLog, "ERROR", 2) }},
		// Somebody removes the lock of an agent that died.
		{5, 6, 1, func(h *host) error { return os.Remove(h.path(stalledLock)) }},
	}
}

// live lets happen what does at a time of the day.
func (h *host) live(elapsed time.Duration) error {
	if elapsed%time.Hour != 0 {
		return nil
	}
	hour := int(elapsed / time.Hour)
	for e := range slices.Values(events()) {
		if hour < e.from || hour >= e.before || (hour-e.from)%e.every != 0 {
			continue
		}
		if err := e.do(h); err != nil {
			return err
		}
	}
	return nil
}
