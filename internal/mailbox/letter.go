package mailbox

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A Letter is a message to deliver.
type Letter struct {
	// From is a registered address; nobody can reply to another.
	From, FromName   string
	Subject, Message string
	Priority         string // low, normal, high, critical; "" is normal
	Sent             time.Time
	// Marker is kept with the message: a JSON object that says what it stands
	// for. Without one it says no more than that this program wrote it.
	Marker json.RawMessage

	id        string // once it has been in an inbox, the same for ever
	delivered Key    // what it was known by there
}

// ID is the message's, once the letter has been in an inbox.
func (l *Letter) ID() string { return l.id }

// A letterMessage has the members that AIPass's delivery writes, in its order,
// and the marker.
type letterMessage struct {
	ID          string          `json:"id"`
	Timestamp   string          `json:"timestamp"`
	From        string          `json:"from"`
	FromName    string          `json:"from_name"`
	Subject     string          `json:"subject"`
	Message     string          `json:"message"`
	Status      string          `json:"status"`
	AutoExecute bool            `json:"auto_execute"`
	Priority    string          `json:"priority"`
	Marker      json.RawMessage `json:"aipass_actions"`
}

// Deliver puts a letter into the inbox as its newest message, unless it is
// there already or the branch has closed it meanwhile. Letters start no agents:
// auto_execute is always false.
func (d *Doc) Deliver(l *Letter) error {
	if err := l.check(); err != nil {
		return err
	}
	if l.id != "" && d.has(l) {
		return nil
	}
	if l.id == "" || d.isTaken(l.id) {
		l.id = d.newID()
	}
	raw, err := l.raw(d.session.o.Location)
	if err != nil {
		return err
	}
	m, err := parseMessage(raw, d.session.o.Location)
	if err != nil {
		return err
	}
	d.insert(0, m)
	d.changes = append(d.changes, Change{Kind: Delivered, Message: m, After: raw, Behind: m.after})
	d.letters = append(d.letters, l)
	return nil
}

func (l *Letter) check() error {
	switch {
	case !strings.HasPrefix(l.From, "@"):
		return fmt.Errorf("a letter from %q: want a registered address", l.From)
	case Line(l.FromName) == "" || Line(l.Subject) == "" || Line(l.Message) == "" || l.Sent.IsZero():
		return fmt.Errorf("a letter from %s without name, subject, text or time", l.From)
	}
	return nil
}

// has says whether the letter is in the inbox or, if it ever was, closed.
func (d *Doc) has(l *Letter) bool {
	sent := l.Sent.In(d.session.o.Location).Format(time.DateTime)
	for _, m := range d.messages {
		if m.ID == l.id && m.From == l.From && m.Timestamp == sent {
			return true
		}
	}
	return l.delivered != Key{} && d.session.isClosed(l.delivered, "")
}

func (d *Doc) isTaken(id string) bool {
	for _, m := range d.messages {
		if m.ID == id {
			return true
		}
	}
	return false
}

// newID is one such as AIPass gives: 8 digits of a random UUID.
func (d *Doc) newID() string {
	for {
		var random [4]byte
		rand.Read(random[:]) // never fails, by its contract
		if id := hex.EncodeToString(random[:]); !d.isTaken(id) {
			return id
		}
	}
}

// Rewrite makes a message of ours say what the letter says. Its id, sender,
// time and status stay, and so does what others have added to it.
func (d *Doc) Rewrite(m *Message, l *Letter) (*Message, error) {
	if err := l.check(); err != nil {
		return m, err
	}
	raw, err := l.raw(d.session.o.Location)
	if err != nil {
		return m, err
	}
	members, err := newReader(raw).members()
	if err != nil {
		return m, err
	}
	var fields []Field
	for _, name := range [...]string{"subject", "message", "priority", MarkerMember} {
		fields = append(fields, Field{name, string(members[lastIndex(members, name)].value)})
	}
	return d.set(m, fields...)
}

// raw is the letter as a message of the inbox. What it says is made safe to
// show whoever wrote it.
func (l *Letter) raw(loc *time.Location) ([]byte, error) {
	m := letterMessage{
		ID: l.id, Timestamp: l.Sent.In(loc).Format(time.DateTime), From: l.From, FromName: Line(l.FromName),
		Subject: Line(l.Subject), Message: Text(l.Message), Status: "new", Priority: l.Priority, Marker: l.Marker,
	}
	if m.Priority == "" {
		m.Priority = "normal"
	}
	if m.Marker == nil {
		m.Marker = json.RawMessage("{}")
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("    ", "  ")
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("letter from %s: %w", l.From, err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// isClosed says whether a message is in the archive, or where the purge puts
// what was, under another name than ours.
func (s *session) isClosed(k Key, ours string) bool {
	for _, dir := range [...]string{aipass.ClosedMailDir, aipass.PurgedMailDir} {
		names, err := list(s.dir, dir)
		if err != nil {
			continue // there is none
		}
		for _, name := range names {
			if m := s.closedMessage(dir + "/" + name); name != ours && m != nil && m.Key() == k {
				return true
			}
		}
	}
	return false
}

func (s *session) closedMessage(name string) *Message {
	if !strings.HasSuffix(name, ".json") {
		return nil
	}
	data, err := s.readFile(name)
	if err != nil {
		return nil
	}
	m, err := parseMessage(data, s.o.Location)
	if err != nil {
		return nil
	}
	return m
}
