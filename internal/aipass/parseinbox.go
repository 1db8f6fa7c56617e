package aipass

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// errShape is for documents that are JSON but not what AIPass can work with.
func errShape(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{jsonfile.ErrMalformed}, args...)...)
}

// maxMessages is how many messages are kept of a mailbox, 8 MB of them: more
// than 100 MB hold of those that AIPass writes.
const maxMessages = 1 << 19

var errTooMany = fmt.Errorf("more than %d messages: %w", maxMessages, jsonfile.ErrTooLarge)

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
		if len(into.messages) == maxMessages {
			return errTooMany
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
	return Inbox{Messages: snug(list.messages), CounterMismatch: mismatch}, nil
}

func equals(v jsonfile.Value, n int) bool {
	f, err := strconv.ParseFloat(v.Text, 64)
	return v.Kind == jsonfile.Number && err == nil && f == float64(n)
}

// snug gives back what append has taken in reserve, where that costs less than
// it saves: reserves are large only in small lists.
func snug(messages []Message) []Message {
	if len(messages) > 1<<10 {
		return messages
	}
	return slices.Clip(slices.Clone(messages))
}
