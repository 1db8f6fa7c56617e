package alerts

import (
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// write makes the message of a thread say what it stands for. One that nobody
// has opened and whose alerts are all resolved closes itself.
func (p *posting) write(d *mailbox.Doc, th *thread) error {
	if !th.dirty {
		return nil
	}
	if th.Digest || th.Group == p.notification.group() {
		th.Reason, th.LeftOut = cut(p.notification.Reason, nameLength), p.notification.TruncatedAlerts
	}
	if th.message == nil {
		return p.deliver(d, th)
	}
	var l mailbox.Letter
	if err := p.compose(&l, th); err != nil {
		return err
	}
	over := th.isOver() && th.unread()
	if over || !th.unread() && !th.reopen {
		l.Subject = th.message.Subject // by which who has opened it knows it
	}
	m, err := d.Rewrite(th.message, &l)
	switch {
	case err != nil:
		return err
	case over:
		return d.Archive(m)
	case th.reopen:
		return d.Set(m, mailbox.Field{Name: "status", Value: `"new"`}, mailbox.Field{Name: "read", Value: "false"})
	}
	return nil
}

func (p *posting) deliver(d *mailbox.Doc, th *thread) error {
	if err := p.compose(th.letter, th); err != nil {
		return err
	}
	return d.Deliver(th.letter)
}

// compose writes the letter. It is sent now, for a message that is there
// already keeps its time.
func (p *posting) compose(l *mailbox.Letter, th *thread) error {
	th.sort()
	marker, err := th.marker()
	if err != nil {
		return err
	}
	l.From, l.FromName, l.Sent = p.from, "Trigger", p.now
	l.Subject, l.Message = th.subject(), th.text(p.now, p.zone)
	l.Priority, l.Marker = th.priority(), marker
	return nil
}
