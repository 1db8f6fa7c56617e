package alerts

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// late is how long after another a notification about the same may come: a
// second Alertmanager waits for the first, and both retry until their group's
// next turn, minutes later.
const late = 15 * time.Minute

// judge decides what an alert is news of, and has the book say so.
func (p *posting) judge(b *book, a *Alert) (Outcome, *thread) {
	th, r := b.latest(a)
	switch {
	case r == nil && a.Status == resolved:
		return Duplicate, nil // of what nobody here was told
	case r == nil:
		return p.tell(b, newRecord(a, p.now))
	case a.Status == resolved:
		return p.resolve(th, r, a), th
	case p.isNextEpisode(r, a):
		next := newRecord(a, p.now)
		next.Episode = r.Episode + 1
		if th.unread() {
			th.add(next)
			return Updated, th
		}
		p.end(th, r, a.StartsAt)
		return p.tell(b, next)
	case r.Status == resolved:
		return Duplicate, th
	case !th.closed.IsZero():
		return p.remindOf(b, th, r, a)
	}
	return p.repeat(th, r, a), th
}

// isNextEpisode says whether a firing alert is not the one that is known. When
// it has started is not certain enough to tell by that alone: replicas differ.
func (p *posting) isNextEpisode(r *record, a *Alert) bool {
	if r.Status == resolved {
		// Else it was overtaken by its own end, unless that has been long ago.
		return a.StartsAt.After(r.Ends) || !p.isRecent(r)
	}
	// It began after it was last heard of, so the end in between got lost, came
	// too late or could not be noted. A mail too many is better than none.
	return a.StartsAt.After(r.Starts) && a.StartsAt.After(r.Seen)
}

// isRecent says whether this may be the same news as the last. What is from the
// future is not: a clock was set back, or somebody made it up.
func (p *posting) isRecent(r *record) bool { return p.now.Sub(r.Seen).Abs() < late }

// end notes in mail that has been opened that the episode which it tells of is
// over.
func (p *posting) end(th *thread, r *record, at time.Time) {
	if r.Status == firing {
		r.Status, r.Ends, r.Seen, th.dirty = resolved, at.UTC(), p.now.UTC(), true
	}
}

func (p *posting) resolve(th *thread, r *record, a *Alert) Outcome {
	ends := a.EndsAt
	if ends.IsZero() { // which Alertmanager's never is
		ends = p.now
	}
	// That is the end of an episode before, unless the beginning is made up.
	earlier := !ends.After(r.Starts) && r.Starts.Before(p.now.Add(late))
	if r.Status == resolved || earlier || !th.closed.IsZero() {
		return Duplicate
	}
	p.end(th, r, ends)
	return Resolved
}

// repeat counts what Alertmanager says again.
func (p *posting) repeat(th *thread, r *record, a *Alert) Outcome {
	if a.StartsAt.After(r.Starts) {
		// Another Prometheus noticed it later, or it ended and began again so
		// soon that it is the same news. Then the end that is still to come is
		// not the end of this.
		r.Starts, th.dirty = a.StartsAt.UTC(), true
	}
	if p.isRecent(r) {
		return Duplicate
	}
	again := newRecord(a, p.now)
	again.Episode, again.Starts, again.Count, again.Closed, again.For = r.Episode, r.Starts, r.Count+1, r.Closed, r.For
	th.add(again)
	return Updated
}

// remindOf mentions an alert again that the branch has closed while it fired.
func (p *posting) remindOf(b *book, th *thread, r *record, a *Alert) (Outcome, *thread) {
	if p.now.Sub(th.closed) < p.remind {
		return Duplicate, th
	}
	again := newRecord(a, p.now)
	again.Episode, again.Starts, again.Count, again.Closed = r.Episode, r.Starts, r.Count+1, th.closed.UTC()
	return p.tell(b, again)
}

// tell puts an episode into a message that will be read.
func (p *posting) tell(b *book, r record) (Outcome, *thread) {
	r.For = p.meant
	group := p.notification.group()
	if th := b.living(group); th != nil {
		th.add(r)
		if th.message == nil {
			return Delivered, th
		}
		return Updated, th
	}
	hour := p.now.Add(-time.Hour)
	if b.mails(hour) < p.maxMails {
		th := p.begin(b, note{Kind: kind, Group: group})
		th.add(r)
		return Delivered, th
	}
	th := b.digest(hour)
	if th == nil {
		th = p.begin(b, note{Kind: kind, Digest: true})
	}
	th.reopen = !th.unread()
	th.add(r)
	return Folded, th
}

// begin is a new message. However often it has to be written it is the same
// letter, with one id; but one that the mailbox has already would not be
// delivered again, so what it does not tell of needs another.
func (p *posting) begin(b *book, n note) *thread {
	if p.letter == nil || b.has(p.letter.ID()) {
		p.letter = new(mailbox.Letter)
	}
	th := &thread{note: n, letter: p.letter}
	b.inbox = append(b.inbox, th)
	return th
}
