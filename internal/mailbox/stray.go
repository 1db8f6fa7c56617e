package mailbox

import (
	"bytes"
	"context"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A stray is what a program without the lock did to one message, in a file that
// we had just replaced: nobody would ever see it. before is nil if the message
// was not there, after if it no longer is.
type stray struct{ before, after *Message }

// rescue looks whether somebody has written to the file that was replaced
// since it was read. It returns that program's inbox, to be edited in its turn,
// and keeps what it has done as strays, should the next program have gone on
// from ours already: agents close several letters in a row.
func (s *session) rescue(ctx context.Context, old *source, f file, data []byte) *source {
	if old.holds(old.onDisk) {
		return nil
	}
	s.o.Observer.LostUpdate()
	before := old.onDisk
	// Whatever becomes of us, it is somebody else's work.
	if err := old.read(context.WithoutCancel(ctx), s.o.Observer.TornRead); err != nil {
		return nil // its writer was killed half-way; what is in place now is whole
	}
	s.keepStrays(before, old)
	return &source{dir: s.dir, file: f, own: old.own, onDisk: data, content: old.content, rescued: true}
}

func (s *session) keepStrays(read []byte, written *source) {
	content, err := parse(read)
	if err != nil {
		return // it was parsed before
	}
	before, err := s.newDoc(content, written.own)
	if err != nil {
		return
	}
	after, err := s.newDoc(written.content, written.own)
	if err != nil {
		return
	}
	for _, m := range before.messages {
		if now := after.Find(m.Key()); now == nil || !bytes.Equal(m.raw, now.raw) {
			s.strays = append(s.strays, stray{m, now})
		}
	}
	for _, m := range after.messages {
		if !before.knows(m.Key()) {
			s.strays = append(s.strays, stray{nil, m})
		}
	}
}

func (d *Doc) knows(k Key) bool {
	return slices.ContainsFunc(d.messages, func(m *Message) bool { return m.Key() == k })
}

// follow brings the strays into an inbox that has gone on without them. That
// program may itself have gone by an old inbox, so nothing closed comes back,
// nothing opened becomes new, and nothing goes that is not in the archive.
func (d *Doc) follow(strays []stray) {
	for _, st := range strays {
		if st.before == nil {
			d.followNew(st.after)
			continue
		}
		m := d.Find(st.before.Key())
		switch {
		case m == nil:
		case st.after == nil && d.session.isClosed(m.Key(), ""):
			d.messages = slices.DeleteFunc(d.messages, func(other *Message) bool { return other == m })
			d.followed = true
		case st.after != nil && st.after.Status != aipass.NewMail && (m.Status == aipass.NewMail || bytes.Equal(m.raw, st.before.raw)):
			now := *st.after
			now.after = m.after
			d.messages[slices.Index(d.messages, m)] = &now
			d.followed = true
		}
	}
}

func (d *Doc) followNew(m *Message) {
	if d.knows(m.Key()) || d.session.isClosed(m.Key(), "") {
		return
	}
	d.messages = slices.Insert(d.messages, max(0, len(d.messages)-m.after), m)
	d.followed = true
}
