package alerts

import (
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A book is all messages of alerts in a mailbox, as they are at the moment.
type book struct {
	doc      *mailbox.Doc
	from     []string  // whom mail of alerts is from
	since    time.Time // how far back closed mail matters
	inbox    []*thread // newest first, those to deliver behind
	archived []*thread // newest first, once asked for
	opened   bool
}

func openBook(d *mailbox.Doc, from []string, now, since time.Time) *book {
	b := &book{doc: d, from: from, since: since}
	for _, m := range d.Messages() {
		n, ok := readNote(m, from)
		if !ok {
			continue
		}
		th := &thread{note: n, message: m}
		// Closed by hand: a legacy mailbox keeps it in the inbox. Nobody knows
		// when, but it is as it was when its alerts were last seen.
		if seen := n.lastSeen(); m.Status == aipass.ClosedMail && !seen.After(now) {
			th.closed = seen
			b.archived = append(b.archived, th)
			continue
		}
		b.inbox = append(b.inbox, th)
	}
	return b
}

// archive is what has been closed. It is read only if it is needed: most
// notifications are about what is in the inbox.
func (b *book) archive() []*thread {
	if b.opened {
		return b.archived
	}
	b.opened = true
	for _, c := range b.doc.Closed(subject, b.since) {
		if n, ok := readNote(c.Message, b.from); ok {
			b.archived = append(b.archived, &thread{note: n, message: c.Message, closed: c.At})
		}
	}
	slices.SortStableFunc(b.archived, func(one, other *thread) int { return other.closed.Compare(one.closed) })
	return b.archived
}

// latest is the last episode of an alert and the message that has it. One that
// fires in the inbox is the last; else closed mail may know a later one.
func (b *book) latest(a *Alert) (*thread, *record) {
	th, r := latestIn(b.inbox, a.Fingerprint)
	if r != nil && r.Status == firing {
		return th, r
	}
	if archived, closed := latestIn(b.archive(), a.Fingerprint); closed != nil && (r == nil || closed.isAfter(r)) {
		return archived, closed
	}
	return th, r
}

func latestIn(threads []*thread, fingerprint string) (*thread, *record) {
	var in *thread
	var latest *record
	for _, th := range threads {
		if r := th.find(fingerprint); r != nil && (latest == nil || r.isAfter(latest)) {
			in, latest = th, r
		}
	}
	return in, latest
}

func (r *record) isAfter(other *record) bool {
	if r.Episode != other.Episode {
		return r.Episode > other.Episode
	}
	return r.Starts.After(other.Starts)
}

// has says whether a message of alerts is in the mailbox, or was closed there.
func (b *book) has(id string) bool {
	is := func(th *thread) bool { return th.id() == id }
	return slices.ContainsFunc(b.inbox, is) || slices.ContainsFunc(b.archive(), is)
}

// living is the unread message of a group, nil if there is none.
func (b *book) living(group string) *thread {
	for _, th := range b.inbox {
		if th.Group == group && th.unread() {
			return th
		}
	}
	return nil
}

// leftOut has the unread message of a group say how many alerts are not in it,
// for they may be what is news.
func (b *book) leftOut(n *Notification) {
	if th := b.living(n.group()); th != nil && th.LeftOut != n.TruncatedAlerts {
		th.dirty = true
	}
}

// mails counts what the mailbox has got since a time, digests apart.
func (b *book) mails(since time.Time) int {
	n := 0
	for _, threads := range [...][]*thread{b.inbox, b.archive()} {
		for _, th := range threads {
			if !th.Digest && sentSince(th.message, since) {
				n++
			}
		}
	}
	return n
}

// digest is the one that counts what exceeds the limit: one that is unread or,
// so that there is one in that time and not one for each time it is opened, one
// that was sent since.
func (b *book) digest(since time.Time) *thread {
	for _, th := range b.inbox {
		if th.Digest && (th.unread() || sentSince(th.message, since)) {
			return th
		}
	}
	return nil
}

func sentSince(m *mailbox.Message, since time.Time) bool {
	sent, ok := m.Sent()
	return ok && !sent.Before(since)
}
