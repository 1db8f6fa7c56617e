package cleanup

import (
	"errors"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// Rules say from what age on mail is acted on.
type Rules struct {
	// StaleNew is the age of new mail that is opened.
	StaleNew time.Duration
	// CloseOpened is the age of opened mail that is closed. AIPass does not
	// record when a message was opened, so this is since it was sent.
	CloseOpened time.Duration
	// MinOpen is how long mail that a cleanup opened stays open at least.
	MinOpen time.Duration
}

// Check says what is wrong with the rules.
func (r Rules) Check() error {
	if r.StaleNew <= 0 || r.CloseOpened <= 0 || r.MinOpen < 0 {
		return errors.New("ages must be above 0, and the shortest time open not below")
	}
	return nil
}

// A verdict is what is to become of a message.
type verdict int

const (
	leave verdict = iota
	open
	closed
)

// judge decides on one message. What is not certain is left alone: agents work
// by their mail, and nobody may lose any by a guess.
func (r Rules) judge(m *mailbox.Message, now time.Time) verdict {
	sent, dated := m.Sent()
	if m.AutoExecute || !dated || sent.After(now) {
		return leave
	}
	age := now.Sub(sent)
	switch {
	case m.Status == aipass.NewMail && age > r.StaleNew:
		return open
	case m.Status == aipass.OpenedMail && age > r.CloseOpened && r.openLongEnough(m, now):
		return closed
	}
	return leave
}

// openLongEnough spares what this very run has opened, which it meets again
// when it looks again at a legacy mailbox.
func (r Rules) openLongEnough(m *mailbox.Message, now time.Time) bool {
	if !m.AutoOpened {
		return true
	}
	at := m.AutoOpenedAt
	return !at.IsZero() && at.Before(now.Truncate(time.Microsecond)) && now.Sub(at) >= r.MinOpen
}

// candidate says whether a look found something in an inbox that a cleanup
// could act on.
func (r Rules) candidate(b *aipass.Branch, now time.Time) bool {
	in := &b.Inbox.Value
	return in.OlderThan(aipass.NewMail, now.Add(-r.StaleNew)) > 0 ||
		in.OlderThan(aipass.OpenedMail, now.Add(-r.CloseOpened)) > 0
}
