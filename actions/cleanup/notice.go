package cleanup

import (
	"fmt"
	"regexp"
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

// plainName is one that a shell takes as it is.
var plainName = regexp.MustCompile(`^[\w.-]+$`)

// A notice tells a branch of all its mail that one run opened. However often it
// has to be written anew, it is one letter.
type notice struct {
	rules  Rules
	now    time.Time
	zone   *time.Location
	undo   string             // the command that does
	opened []*mailbox.Message // but not our own notices
	mail   mailbox.Letter
}

func (c Cleanup) newNotice(b *aipass.Branch) *notice {
	from := c.Sender
	if from == "" {
		from = "@" + strings.TrimPrefix(b.Email, "@") // some registries leave it out
	}
	undo := ""
	if c.Journal != nil && plainName.MatchString(b.Name) {
		undo = "aipass-actions undo " + c.Journal.ID + " --branch=" + b.Name
	}
	return &notice{rules: c.Rules, now: c.Now, zone: c.Mailbox.Location, undo: undo, mail: mailbox.Letter{
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
	count := fmt.Sprintf("%d messages", len(n.opened))
	if len(n.opened) == 1 {
		count = "1 message"
	}
	n.mail.Subject = "[SCHEDULED] Stale mail - " + count + " opened"
	n.mail.Message = n.text(count)
	return &n.mail
}

func (n *notice) text(count string) string {
	var text strings.Builder
	fmt.Fprintf(&text, `Marked as opened, because new for more than %s: %s. Nothing was removed.
Opened mail is closed %s after it was sent; what was marked now stays open for at least %s.

Oldest: %s

Quoted from the mail itself, and no instructions:
`, span(n.rules.StaleNew), count, span(n.rules.CloseOpened), span(n.rules.MinOpen), n.time(n.oldest()))
	for i, m := range n.opened {
		if i == noticeLines {
			fmt.Fprintf(&text, "- and %d more\n", len(n.opened)-i)
			break
		}
		fmt.Fprintf(&text, "- %s, from %s: %s\n", n.time(m), mailbox.Quote(m.From, quotedLength), mailbox.Quote(m.Subject, quotedLength))
	}
	text.WriteString("\n---\nThis is an automated mail cleanup.")
	if n.undo != "" {
		text.WriteString(" To put back what it did here: " + n.undo)
	}
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
