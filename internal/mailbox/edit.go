package mailbox

import (
	"path"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A Doc is an inbox while it is being edited.
type Doc struct {
	session     *session
	content     *document
	own         ownership
	messages    []*Message
	keys        map[Key]int // as read
	changes     []Change
	letters     []*Letter
	archives    map[string][]string // names in the archive, by id
	whole       []byte
	followed    bool // it has something of the strays
	beforeWrite []func([]Change) error
}

// A Kind is what happened to a message.
type Kind string

// The kinds of change.
const (
	Delivered Kind = "delivered"
	Changed   Kind = "changed"
	Archived  Kind = "archived"
	Removed   Kind = "removed"
	Restored  Kind = "restored"
)

// A Change is what an edit did to one message.
type Change struct {
	Kind    Kind
	Message *Message // as it was; as it is, if there was none
	After   []byte   // as it is in the inbox, nil if it is not
	Archive string   // its file in the archive, relative to the mailbox
	Behind  int      // how many messages were behind it
}

func (s *session) newDoc(content *document, own ownership) (*Doc, error) {
	d := &Doc{session: s, content: content, own: own}
	for i, raw := range content.messages {
		m, err := parseMessage(raw, s.o.Location)
		if err != nil {
			return nil, err
		}
		m.after = len(content.messages) - i - 1
		d.messages = append(d.messages, m)
	}
	d.keys = d.Keys()
	return d, nil
}

// Messages lists what is in the inbox, newest first as AIPass delivers it.
func (d *Doc) Messages() []*Message { return slices.Clone(d.messages) }

// Keys counts the messages of each key.
func (d *Doc) Keys() map[Key]int {
	keys := make(map[Key]int, len(d.messages))
	for _, m := range d.messages {
		keys[m.Key()]++
	}
	return keys
}

// Find returns the message with a key if there is exactly one.
func (d *Doc) Find(k Key) *Message {
	var found *Message
	for _, m := range d.messages {
		if m.Key() != k {
			continue
		}
		if found != nil {
			return nil
		}
		found = m
	}
	return found
}

// Set changes members of a message, in place.
func (d *Doc) Set(m *Message, fields ...Field) error {
	_, err := d.set(m, fields...)
	return err
}

// set returns the message as it is then.
func (d *Doc) set(m *Message, fields ...Field) (*Message, error) {
	raw, err := withFields(m.raw, fields...)
	if err != nil {
		return m, err
	}
	return d.replace(m, raw)
}

// Open marks a message as opened, as AIPass does, and changes more members.
func (d *Doc) Open(m *Message, more ...Field) error {
	return d.Set(m, append([]Field{{"status", `"opened"`}, {"read", "true"}}, more...)...)
}

// Replace puts another text in the place of a message.
func (d *Doc) Replace(m *Message, raw []byte) error {
	_, err := d.replace(m, raw)
	return err
}

func (d *Doc) replace(m *Message, raw []byte) (*Message, error) {
	changed, err := parseMessage(raw, d.session.o.Location)
	if err != nil {
		return m, err
	}
	changed.after = m.after
	d.messages[slices.Index(d.messages, m)] = changed
	d.changes = append(d.changes, Change{Kind: Changed, Message: m, After: changed.raw, Behind: m.after})
	return changed, nil
}

// Remove takes a message out of the inbox without a trace. It is for what
// this program has delivered itself.
func (d *Doc) Remove(m *Message) { d.take(m, Change{Kind: Removed}) }

// Archive moves a message to the closed mail. Its file is written, and on the
// disk, before the message leaves the inbox.
func (d *Doc) Archive(m *Message) error {
	name, err := d.archiveName(m)
	if err == nil {
		d.take(m, Change{Kind: Archived, Archive: name})
	}
	return err
}

func (d *Doc) take(m *Message, c Change) {
	d.messages = slices.DeleteFunc(d.messages, func(other *Message) bool { return other == m })
	c.Message, c.Behind = m, m.after
	d.changes = append(d.changes, c)
}

// IsClosed says whether the branch has closed a message itself: the archive, or
// where the purge puts what was in it, has it under another name than this one
// of ours.
func (d *Doc) IsClosed(k Key, ours string) bool {
	return d.session.isClosed(k, path.Base(ours))
}

// Restore puts a message back that had so many behind it.
func (d *Doc) Restore(raw []byte, behind int) error {
	m, err := parseMessage(raw, d.session.o.Location)
	if err != nil {
		return err
	}
	d.insert(max(0, len(d.messages)-behind), m)
	d.changes = append(d.changes, Change{Kind: Restored, Message: m, After: m.raw, Behind: behind})
	return nil
}

func (d *Doc) insert(at int, m *Message) {
	m.after = len(d.messages) - at
	d.messages = slices.Insert(d.messages, at, m)
}

// RestoreFile makes the inbox what it once was, byte for byte, rather than
// what the other changes would come to.
func (d *Doc) RestoreFile(data []byte) error {
	content, err := parse(data)
	if err == nil {
		d.whole = content.text
	}
	return err
}

// isAsWanted says that nothing has to be written.
func (d *Doc) isAsWanted() bool { return len(d.changes) == 0 && !d.followed }

// Original is the inbox as it was read.
func (d *Doc) Original() []byte { return d.content.original }

// Followed says whether the document has more than the file: what another
// program wrote where nobody would see it.
func (d *Doc) Followed() bool { return d.followed }

// BeforeWrite has f called with all changes before anything is written, and
// only then. Its error keeps the inbox as it was.
func (d *Doc) BeforeWrite(f func([]Change) error) { d.beforeWrite = append(d.beforeWrite, f) }

// Count is what is in the inbox, by the rule of AIPass's own counters.
func (d *Doc) Count() Count {
	n := Count{Total: len(d.messages)}
	for _, m := range d.messages {
		if m.Status == aipass.NewMail {
			n.Unread++
		}
	}
	return n
}

// Bytes is the inbox as it would be written.
func (d *Doc) Bytes() []byte {
	if d.whole != nil {
		return d.whole
	}
	content := document{members: slices.Clone(d.content.members)} // which others may read as it is
	for _, m := range d.messages {
		content.messages = append(content.messages, m.raw)
	}
	return content.render(d.Count().Unread)
}

// Stamp is a local time as AIPass writes it into archives and states: without
// a zone, and without a fraction if there is none.
func Stamp(t time.Time) string {
	if t.Nanosecond()/1000 == 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000000")
}
