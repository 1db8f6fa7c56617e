package aipass

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
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

// A Message is what a look keeps of one mail, in 16 bytes, so that a mailbox
// of a million fits. Subjects, senders and bodies are not kept.
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

// errShape is for documents that are JSON but not what AIPass can work with.
func errShape(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{jsonfile.ErrMalformed}, args...)...)
}

// parseInbox reads an inbox in any of the shapes that AIPass reads or migrates:
// {"messages": [...]}, {"inbox": [...]}, a bare list, counters or none.
// Timestamps without a zone are local in loc.
func parseInbox(d *jsonfile.Decoder, loc *time.Location) (Inbox, error) {
	p := inboxParser{loc: loc}
	kind, err := d.Next()
	switch {
	case err != nil:
		return Inbox{}, err
	case kind == jsonfile.Array:
		err = p.list(d, &p.messages)
	case kind == jsonfile.Object:
		err = d.Object(func(name string) error { return p.member(d, name) })
	default:
		err = errShape("neither an object nor a list")
	}
	if err != nil {
		return Inbox{}, err
	}
	return p.inbox()
}

type inboxParser struct {
	loc             *time.Location
	messages, old   mailList
	total, unread   jsonfile.Value
	counts, unreads bool // whether the two are there
}

// A mailList is one of the lists that may hold the mail; of a list that
// occurs twice Python sees the last.
type mailList struct {
	messages []Message
	found    bool
	fault    error
}

func (p *inboxParser) member(d *jsonfile.Decoder, name string) (err error) {
	switch name {
	case "messages":
		return p.list(d, &p.messages)
	case "inbox":
		return p.list(d, &p.old)
	case "total_messages":
		p.total, err = d.Value()
		p.counts = true
	case "unread_count":
		p.unread, err = d.Value()
		p.unreads = true
	}
	return err
}

func (p *inboxParser) list(d *jsonfile.Decoder, into *mailList) error {
	*into = mailList{found: true}
	kind, err := d.Next()
	if err != nil {
		return err
	}
	if kind != jsonfile.Array {
		into.fault = errShape("its mail is not a list")
		return nil
	}
	return d.Array(func() error {
		kind, err := d.Next()
		if err != nil {
			return err
		}
		if kind != jsonfile.Object {
			into.fault = errShape("message %d is not an object", len(into.messages)+1)
			return nil
		}
		m, err := parseMessage(d, p.loc)
		into.messages = append(into.messages, m)
		return err
	})
}

func (p *inboxParser) inbox() (Inbox, error) {
	list := p.messages
	if !list.found {
		list = p.old
	}
	if list.fault != nil {
		return Inbox{}, list.fault
	}
	unread := 0
	for _, m := range list.messages {
		if m.Status == NewMail {
			unread++
		}
	}
	mismatch := p.counts && !equals(p.total, len(list.messages)) || p.unreads && !equals(p.unread, unread)
	return Inbox{Messages: slices.Clip(slices.Clone(list.messages)), CounterMismatch: mismatch}, nil
}

func equals(v jsonfile.Value, n int) bool {
	f, err := strconv.ParseFloat(v.Text, 64)
	return v.Kind == jsonfile.Number && err == nil && f == float64(n)
}
