package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Post says from whom and when a report is sent.
type Post struct {
	From string // a registered address
	Sent time.Time
	// Again sends it even if it is there already.
	Again bool
}

// markerKind is how the mail with a report is known, beside its date.
const markerKind = "daily report"

type marker struct {
	Kind string `json:"kind"`
	Date string `json:"date"`
}

// A Delivery is what became of it.
type Delivery struct {
	Sent bool          // false if the mailbox has the report of this date already
	Mail mailbox.Count // what is in the inbox then
}

// Send puts the report into a mailbox.
func Send(ctx context.Context, box mailbox.Mailbox, r Report, p Post) (Delivery, error) {
	mark, err := json.Marshal(marker{markerKind, r.Date})
	if err != nil {
		return Delivery{}, fmt.Errorf("report of %s: %w", r.Date, err)
	}
	letter := &mailbox.Letter{
		From: p.From, FromName: "Trigger", Subject: subject(r.Date), Message: r.Text,
		Priority: "normal", Sent: p.Sent, Marker: mark,
	}
	var mail mailbox.Count
	changes, err := box.Update(ctx, func(d *mailbox.Doc) (err error) {
		if p.Again || !has(d, r.Date) {
			err = d.Deliver(letter)
		}
		mail = d.Count()
		return err
	})
	return Delivery{len(changes) > 0, mail}, err
}

// has says whether a report of the date is in the inbox. It goes by the mark,
// not by the subject, which anybody can write.
func has(d *mailbox.Doc, date string) bool {
	for _, m := range d.Messages() {
		if m.Ours && markOf(m.Raw()) == (marker{markerKind, date}) {
			return true
		}
	}
	return false
}

// markOf reads the mark of a message, the zero value if it has none.
func markOf(raw []byte) (m marker) {
	d := jsonfile.NewDecoder(bytes.NewReader(raw))
	_ = d.Object(func(member string) error {
		if member != mailbox.MarkerMember {
			return nil
		}
		m = marker{}
		if kind, err := d.Next(); err != nil || kind != jsonfile.Object {
			return err
		}
		return d.Object(func(member string) error {
			into := map[string]*string{"kind": &m.Kind, "date": &m.Date}[member]
			if into == nil {
				return nil
			}
			v, err := d.Value()
			*into = v.Text
			return err
		})
	})
	return m
}
