package alerts

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// subject is how every mail of alerts begins. Closed ones are found by it, so
// it must not change.
const subject = "[SCHEDULED] Health Check"

// A thread is one message of alerts, and what it stands for.
type thread struct {
	note
	message *mailbox.Message // nil while it has to be delivered
	letter  *mailbox.Letter  // then
	closed  time.Time        // when it left the inbox, the zero time if it has not
	dirty   bool             // the message does not say all of it yet
	reopen  bool             // it has been opened, and is to be read again
	index   map[string]int   // of Alerts, by fingerprint
}

// id is that of the message, "" if there is none.
func (th *thread) id() string {
	switch {
	case th == nil:
		return ""
	case th.message != nil:
		return th.message.ID
	case th.letter != nil:
		return th.letter.ID()
	}
	return ""
}

// unread: an agent will still read the message. It does not read one again that
// it has opened.
func (th *thread) unread() bool {
	return th.closed.IsZero() && (th.message == nil || th.message.Status == aipass.NewMail)
}

// find is the episode of an alert that the message tells of.
func (th *thread) find(fingerprint string) *record {
	if th.index == nil {
		th.index = make(map[string]int, len(th.Alerts))
		for i := range th.Alerts {
			th.index[th.Alerts[i].Fingerprint] = i
		}
	}
	if i, known := th.index[fingerprint]; known {
		return &th.Alerts[i]
	}
	return nil
}

// add puts an episode into the message, in the place of an earlier one.
func (th *thread) add(r record) {
	th.dirty = true
	if old := th.find(r.Fingerprint); old != nil {
		*old = r
		return
	}
	th.index[r.Fingerprint] = len(th.Alerts)
	th.Alerts = append(th.Alerts, r)
}
