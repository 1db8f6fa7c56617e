package mailbox

import (
	"bytes"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A Message is one of an inbox, as far as a decision needs to know it. Long
// texts are cut after 4 KiB; what is missing or no string is "".
type Message struct {
	aipass.Message
	ID, Timestamp, From, FromName, Subject string

	// AutoExecute mail starts agents; it is never ours to touch.
	AutoExecute bool
	// AutoOpened says that a cleanup, not the branch, opened it, and
	// AutoOpenedAt when, the zero time if that cannot be read.
	AutoOpened   bool
	AutoOpenedAt time.Time
	// Ours: this program wrote it.
	Ours bool

	raw   []byte
	after int // messages behind it in the inbox as read
}

// Members that only this program writes. AIPass's programs keep what they do
// not know.
const (
	AutoOpenedMember   = "auto_opened"
	AutoOpenedAtMember = "auto_opened_at"
	// MarkerMember marks what this program has delivered. A subject would not
	// do: anybody can write that.
	MarkerMember = "aipass_actions"
)

// Raw is the message as it stands in the inbox, byte for byte.
func (m *Message) Raw() []byte { return m.raw }

// Marker is what this program has noted in a message of its own, a JSON object;
// nil if it did not write the message.
func (m *Message) Marker() []byte {
	if !m.Ours {
		return nil
	}
	members, err := newReader(m.raw).members()
	if err != nil {
		return nil
	}
	return members[lastIndex(members, MarkerMember)].value
}

func parseMessage(raw []byte, loc *time.Location) (*Message, error) {
	var e aipass.Envelope
	var id, fromName, subject, opened, openedAt, marker jsonfile.Value
	r := newReader(raw)
	own := map[string]*jsonfile.Value{
		"id": &id, "from_name": &fromName, "subject": &subject,
		AutoOpenedMember: &opened, AutoOpenedAtMember: &openedAt, MarkerMember: &marker,
	}
	err := r.Object(func(name string) (err error) {
		into := e.Field(name)
		if into == nil {
			into = own[name]
		}
		if into != nil {
			*into, err = r.Value()
		}
		return err
	})
	if err == nil {
		err = r.End()
	}
	m := &Message{
		Message: e.Message(loc), ID: text(id), Timestamp: text(e.Timestamp), From: text(e.From),
		FromName: text(fromName), Subject: text(subject), AutoExecute: e.AutoExecute.Truthy,
		AutoOpened: opened.Truthy, Ours: marker.Kind == jsonfile.Object,
		raw: bytes.TrimSpace(raw),
	}
	if t, ok := aipass.ParseTime(text(openedAt), loc); ok {
		m.AutoOpenedAt = t
	}
	return m, err
}

// text is a string's text, "" for anything else.
func text(v jsonfile.Value) string {
	if v.Kind != jsonfile.String {
		return ""
	}
	return v.Text
}

// A Key is what tells messages apart: ids may occur twice, or not at all.
type Key struct {
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
	Subject   string `json:"subject"`
}

// Key is the message's.
func (m *Message) Key() Key { return Key{m.ID, m.Timestamp, m.Subject} }

// A Field is a member of a message and its value in JSON.
type Field struct{ Name, Value string }

// withFields returns a message with members changed, in place where they are
// and at the end where they are not, spaced as their neighbours are.
func withFields(raw []byte, fields ...Field) ([]byte, error) {
	for _, f := range fields {
		members, err := newReader(raw).members()
		if err != nil {
			return nil, err
		}
		raw = withField(raw, members, f)
	}
	return raw, nil
}

func withField(raw []byte, members []member, f Field) []byte {
	if at := lastIndex(members, f.Name); at >= 0 {
		m := members[at]
		return slices.Concat(raw[:m.valueAt], []byte(f.Value), raw[m.valueAt+len(m.value):])
	}
	if len(members) == 0 {
		return []byte(`{"` + f.Name + `": ` + f.Value + `}`)
	}
	last := members[len(members)-1]
	end := last.valueAt + len(last.value)
	colon := raw[last.nameAt+len(last.name) : last.valueAt]
	return slices.Concat(raw[:end], comma(raw, members), []byte(`"`+f.Name+`"`), colon, []byte(f.Value), raw[end:])
}

// comma is what stands between the last two members or, if there is one only,
// what would.
func comma(raw []byte, members []member) []byte {
	last := members[len(members)-1]
	if len(members) > 1 {
		before := members[len(members)-2]
		return raw[before.valueAt+len(before.value) : last.nameAt]
	}
	space := raw[len("{"):last.nameAt]
	if len(space) == 0 {
		colon := raw[last.nameAt+len(last.name) : last.valueAt]
		space = colon[bytes.IndexByte(colon, ':')+1:]
	}
	return append([]byte{','}, space...)
}
