package aipass

import (
	"math"
	"time"
)

// A MailStatus is where a message stands, by AIPass's own rules.
type MailStatus uint8

// The statuses. A message without a status is new unless its read is true:
// the rule of AIPass's unread counter. What has no other place is OtherMail.
const (
	NewMail MailStatus = iota
	OpenedMail
	ClosedMail
	OtherMail
)

// MailStatuses lists all of them, in order.
var MailStatuses = [...]MailStatus{NewMail, OpenedMail, ClosedMail, OtherMail}

func (s MailStatus) String() string {
	return [...]string{"new", "opened", "closed", "other"}[s]
}

// A Message is what a look keeps of one mail, in 16 bytes, for there may be
// many. Subjects, senders and bodies are not kept.
type Message struct {
	sent   int64 // Unix seconds, or undated
	Status MailStatus
	// AwaitsDispatch: auto_execute is set and the status says new, which is
	// when AIPass's dispatcher would start an agent.
	AwaitsDispatch bool
}

const undated = math.MinInt64

// Sent is when the message says it was sent; ok is false if its timestamp is
// missing or unreadable.
func (m Message) Sent() (t time.Time, ok bool) {
	return time.Unix(m.sent, 0), m.sent != undated
}

// An Inbox is a mailbox's inbox.json.
type Inbox struct {
	Messages []Message
	// CounterMismatch: a counter stored in the file is not what a recount says.
	CounterMismatch bool
}

// Count counts the messages of a status.
func (i *Inbox) Count(status MailStatus) int {
	n := 0
	for _, m := range i.Messages {
		if m.Status == status {
			n++
		}
	}
	return n
}

// Oldest is when the oldest message of a status was sent; ok is false if there
// is none with a readable time.
func (i *Inbox) Oldest(status MailStatus) (oldest time.Time, ok bool) {
	for _, m := range i.Messages {
		sent, dated := m.Sent()
		if m.Status == status && dated && (!ok || sent.Before(oldest)) {
			oldest, ok = sent, true
		}
	}
	return oldest, ok
}

// OlderThan counts the messages of a status that were sent before t.
func (i *Inbox) OlderThan(status MailStatus, t time.Time) int {
	n := 0
	for _, m := range i.Messages {
		if sent, dated := m.Sent(); m.Status == status && dated && sent.Before(t) {
			n++
		}
	}
	return n
}
