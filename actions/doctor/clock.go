package doctor

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// clock compares what says something of the time: the zone that AIPass's
// timestamps are read in, its files and its mail, and the servers' clocks.
func (p *patient) clock(context.Context) Step {
	now := p.Now()
	for i := range p.look.Branches {
		b := &p.look.Branches[i]
		for _, f := range b.Files() {
			if f.Head.Found() && f.Head.ModTime().After(now) {
				return wrong("set the machine's clock right: timedatectl", "%s of %s was written at %s, and it is %s", f.Name, b.Name, shown(f.Head.ModTime()), shown(now))
			}
		}
		if sent, is := sentAfter(b, now); is {
			return wrong("say the zone of AIPass's timestamps with --aipass.timezone, or correct the message",
				"read as a time of %s, a message in the inbox of %s is from %s, and it is %s", p.zone(), b.Name, shown(sent), shown(now))
		}
	}
	if apart, c := zonesApart(p.sentCopies(), p.zone()); apart != 0 {
		return wrong("say the zone of AIPass's timestamps with --aipass.timezone",
			"AIPass's times are not of %s: by its name %s sent mail at %s, and the file was written at %s", p.zone(), c.branch, c.named.Format(time.DateTime), c.written.In(p.zone()).Format(time.DateTime))
	}
	for _, server := range slices.Sorted(maps.Keys(p.dates)) {
		if off := p.dates[server].off(); off > p.Skew {
			return wrong("have both machines' clocks set by NTP", "the clock of %s differs by %v", server, off.Round(time.Second))
		}
	}
	zone := now.In(p.zone()).Format("MST -07:00")
	if len(p.dates) == 0 {
		return fine("AIPass's times are read as %s, and none is of the future", zone)
	}
	return fine("AIPass's times are read as %s, and none is of the future; %d servers have the same time", zone, len(p.dates))
}

func (p *patient) zone() *time.Location {
	if p.Mailbox.Location == nil {
		return time.Local
	}
	return p.Mailbox.Location
}

// sentAfter finds mail of the future: its time is read in the wrong zone.
func sentAfter(b *aipass.Branch, now time.Time) (sent time.Time, is bool) {
	for _, m := range b.Inbox.Value.Messages {
		if sent, dated := m.Sent(); dated && sent.After(now) {
			return sent, true
		}
	}
	return time.Time{}, false
}

// off is how far the clock was off at least: what the answer was under way, and
// the second to which it is said, are not the clock's fault.
func (r reading) off() time.Duration {
	switch {
	case r.said.Add(time.Second).Before(r.before):
		return r.before.Sub(r.said.Add(time.Second))
	case r.said.After(r.after):
		return r.said.Sub(r.after)
	}
	return 0
}
