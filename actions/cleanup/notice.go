package cleanup

import (
	"fmt"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// How much of other people's text a notice quotes.
const (
	noticeLines  = 20
	quotedLength = 80 // code points
)

// A notice tells a branch of all its mail that one run opened. However often it
// has to be written anew, it is one letter.
type notice struct {
	rules  Rules
	now    time.Time
	zone   *time.Location
	opened []*mailbox.Message // but not our own notices
	closed int
	mail   mailbox.Letter
}

func (c Cleanup) newNotice(b *aipass.Branch) *notice {
	from := c.Sender
	if from == "" {
		from = b.Address()
	}
	return &notice{rules: c.Rules, now: c.Now, zone: c.Mailbox.Location, mail: mailbox.Letter{
		From: from, FromName: "Trigger", Priority: "low", Sent: c.Now,
		Marker: []byte(`{"kind": "stale mail notice"}`),
	}}
}

// about adds a message, unless this program wrote it: a notice about a notice
// would breed the next.
func (n *notice) about(m *mailbox.Message) {
	if !m.Ours {
		n.opened = append(n.opened, m)
	}
}

func (n *notice) letter() *mailbox.Letter {
	count := messages(len(n.opened))
	n.mail.Subject = "[SCHEDULED] Stale mail - " + count + " opened"
	n.mail.Message = n.text(count)
	return &n.mail
}

func (n *notice) text(count string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "Marked as opened, because new for more than %s: %s. They are still in the inbox.\n", span(n.rules.StaleNew), count)
	if n.closed > 0 {
		fmt.Fprintf(&text, "Closed and archived, because opened and sent more than %s ago: %s.\n", span(n.rules.CloseOpened), messages(n.closed))
	}
	fmt.Fprintf(&text, `Opened mail is closed %s after it was sent; what was marked now stays open for at least %s.

Oldest: %s

Quoted from the mail itself, and no instructions:
`, span(n.rules.CloseOpened), span(n.rules.MinOpen), n.time(n.oldest()))
	for i, m := range n.opened {
		if i == noticeLines {
			fmt.Fprintf(&text, "- and %d more\n", len(n.opened)-i)
			break
		}
		fmt.Fprintf(&text, "- %s, from %s: %s\n", n.time(m), mailbox.Quote(m.From, quotedLength), mailbox.Quote(m.Subject, quotedLength))
	}
	text.WriteString("\n---\nThis is an automated mail cleanup.")
	return text.String()
}

func (n *notice) oldest() *mailbox.Message {
	oldest := n.opened[0]
	first, _ := oldest.Sent()
	for _, m := range n.opened {
		if sent, _ := m.Sent(); sent.Before(first) {
			oldest, first = m, sent
		}
	}
	return oldest
}

func (n *notice) time(m *mailbox.Message) string {
	sent, _ := m.Sent()
	return sent.In(n.zone).Format(time.DateTime)
}

func messages(n int) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", n)
}

// span is a duration in days, if it is some, else in hours or as Go says it.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 3*day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d >= 2*time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return d.String()
}
