package alerts

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// remembered is how far back closed mail is looked through, beyond the time in
// which it keeps an alert from being mentioned again.
const remembered = 7 * 24 * time.Hour

// A posting is what one notification has for one mailbox. It may be applied
// more than once, to an inbox that others have changed meanwhile, and applied
// to its own result it changes nothing.
type posting struct {
	notification *Notification
	branch       *aipass.Branch // nil if there is nobody
	alerts       []*Alert
	places       []int  // where in the notification they stand
	meant        string // whose mailbox it was meant for, if this is not it
	from         string
	remind       time.Duration
	maxMails     int
	now          time.Time
	zone         *time.Location

	letter     *mailbox.Letter // of the one new message that an application makes at most
	last, kept []verdict
}

// newPosting is for one mailbox, without alerts.
func (d *Desk) newPosting(n *Notification, b *aipass.Branch) *posting {
	p := &posting{
		notification: n, branch: b, remind: d.Remind, maxMails: d.MaxMails, now: time.Now(), zone: d.Mailbox.Location,
	}
	if d.Now != nil {
		p.now = d.Now()
	}
	if p.zone == nil {
		p.zone = time.Local
	}
	return p
}

// divert makes it one for another mailbox.
func (p *posting) divert(b *aipass.Branch) {
	p.meant, p.branch, p.last, p.kept = p.branch.Name, b, nil, nil
}

// elsewhere is the posting of ends of what this mailbox was never told of, for
// who may have stood in for it.
func (p *posting) elsewhere(b *aipass.Branch) *posting {
	other := &posting{
		notification: p.notification, branch: b, remind: p.remind, maxMails: p.maxMails, now: p.now, zone: p.zone,
	}
	for i, v := range p.last {
		if v.thread == nil {
			other.alerts, other.places = append(other.alerts, p.alerts[i]), append(other.places, p.places[i])
		}
	}
	return other
}

// edit brings the inbox into the state that it has to have with this news.
func (p *posting) edit(d *mailbox.Doc) error {
	from := []string{p.from, p.branch.Address()} // the second before anybody was registered as the first
	b := openBook(d, from, p.now, p.now.Add(-p.remind-remembered))
	verdicts := make([]verdict, len(p.alerts))
	for i, a := range p.alerts {
		verdicts[i].outcome, verdicts[i].thread = p.judge(b, a)
	}
	p.last = verdicts
	b.leftOut(p.notification)
	d.BeforeWrite(func([]mailbox.Change) error {
		p.keep(verdicts)
		return nil
	})
	for _, th := range b.inbox {
		if err := p.write(d, th); err != nil {
			return err
		}
	}
	return nil
}
