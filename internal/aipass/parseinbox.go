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
// occurs twice Python sees the last. It grows in pieces, for a slice that grows
// leaves twice its size in garbage behind.
type mailList struct {
	pieces [][]Message
	n      int
	found  bool
	fault  error
}

// piece is how many messages a piece of a long list holds.
const piece = 4096

func (l *mailList) add(m Message) {
	last := len(l.pieces) - 1
	if last < 0 || len(l.pieces[last]) == cap(l.pieces[last]) {
		l.pieces = append(l.pieces, make([]Message, 0, min(piece, max(16, l.n))))
		last++
	}
	l.pieces[last] = append(l.pieces[last], m)
	l.n++
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
			into.fault = errShape("message %d is not an object", into.n+1)
			return nil
		}
		if into.n == maxMessages {
			return errTooMany
		}
		m, err := parseMessage(d, p.loc)
		into.add(m)
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
	in := Inbox{Messages: slices.Concat(list.pieces...)}
	unread := in.Count(NewMail)
	in.CounterMismatch = p.counts && !equals(p.total, list.n) || p.unreads && !equals(p.unread, unread)
	return in, nil
}

func equals(v jsonfile.Value, n int) bool {
	f, err := strconv.ParseFloat(v.Text, 64)
	return v.Kind == jsonfile.Number && err == nil && f == float64(n)
}
