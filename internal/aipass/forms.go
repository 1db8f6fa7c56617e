package aipass

import (
	"encoding/binary"
	"math"
	"time"
)

// formOfHead is for files of which only the Head is kept.
func formOfHead(what kind) form[struct{}] {
	return form[struct{}]{
		what,
		func(b []byte, _ *struct{}) []byte { return b },
		func(*noteReader, *struct{}) {},
	}
}

func formOfMemory(what kind) form[Memory] {
	return form[Memory]{what, appendMemory, readMemoryNote}
}

func appendMemory(b []byte, m *Memory) []byte {
	b = append(b, byteOf(m.LinesKnown))
	b = binary.AppendVarint(b, int64(m.Lines))
	b = binary.AppendUvarint(b, math.Float64bits(m.maxLines))
	for _, n := range m.entries {
		b = binary.AppendVarint(b, int64(n))
	}
	return b
}

func readMemoryNote(r *noteReader, m *Memory) {
	m.LinesKnown = r.byte() == 1
	m.Lines = int(r.int())
	m.maxLines = math.Float64frombits(r.uint())
	for i := range m.entries {
		m.entries[i] = int32(r.int())
	}
}

// maxNoted is how many messages are written down of a mailbox. More are rare,
// and would fill the memory of a run.
const maxNoted = 10_000

func formOfInbox() form[Inbox] { return form[Inbox]{noteOfInbox, appendInbox, readInbox} }

// appendInbox has what a message is in one number, and how much later it was
// sent than the one before in another; a message without a time is later by
// none.
func appendInbox(b []byte, in *Inbox) []byte {
	if len(in.Messages) > maxNoted {
		return nil
	}
	b = append(b, byteOf(in.CounterMismatch))
	b = binary.AppendUvarint(b, uint64(len(in.Messages)))
	last := int64(0)
	for _, m := range in.Messages {
		b = append(b, byte(m.Status)<<2|byteOf(m.AwaitsDispatch)<<1|byteOf(m.sent != undated))
		if m.sent != undated {
			b = binary.AppendVarint(b, m.sent-last)
			last = m.sent
		}
	}
	return b
}

func readInbox(r *noteReader, in *Inbox) {
	in.CounterMismatch = r.byte() == 1
	n := r.uint()
	if n > maxNoted {
		r.broken = true
		return
	}
	if n == 0 {
		return
	}
	in.Messages = make([]Message, n)
	last := int64(0)
	for i := range in.Messages {
		is := r.byte()
		m := Message{sent: undated, Status: MailStatus(is >> 2), AwaitsDispatch: is&2 != 0}
		if is&1 != 0 {
			last += r.int()
			m.sent = last
		}
		r.broken = r.broken || m.Status > OtherMail
		in.Messages[i] = m
	}
}

func formOfDashboard(loc *time.Location) form[Dashboard] {
	return form[Dashboard]{noteOfDashboard, appendDashboard, func(r *noteReader, d *Dashboard) {
		dated := r.byte() == 1
		d.dayOnly = r.byte() == 1
		seconds, nanoseconds := r.int(), r.int()
		if dated {
			d.Updated = time.Unix(seconds, nanoseconds).In(loc)
		}
	}}
}

func appendDashboard(b []byte, d *Dashboard) []byte {
	b = append(b, byteOf(!d.Updated.IsZero()), byteOf(d.dayOnly))
	b = binary.AppendVarint(b, d.Updated.Unix())
	return binary.AppendVarint(b, int64(d.Updated.Nanosecond()))
}

func byteOf(b bool) byte {
	if b {
		return 1
	}
	return 0
}
