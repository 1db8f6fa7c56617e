package aipass

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// An Envelope is the part of a message that decides what it counts as: the
// values of the members of the same names, null where there are none.
type Envelope struct {
	Timestamp, Status, Read, AutoExecute, From jsonfile.Value
}

// Field is where the member of a message belongs, nil if it decides nothing.
func (e *Envelope) Field(name string) *jsonfile.Value {
	switch name {
	case "timestamp":
		return &e.Timestamp
	case "status":
		return &e.Status
	case "read":
		return &e.Read
	case "auto_execute":
		return &e.AutoExecute
	case "from":
		return &e.From
	}
	return nil
}

func parseMessage(d *jsonfile.Decoder, loc *time.Location) (Message, error) {
	var e Envelope
	err := fields(d, e.Field)
	return e.Message(loc), err
}

// Message judges the envelope; a timestamp without a zone is local in loc.
func (e *Envelope) Message(loc *time.Location) Message {
	if text(e.From) == feedbackSender {
		loc = time.UTC
	}
	m := Message{sent: undated, Status: e.mailStatus()}
	if t, ok := ParseTime(text(e.Timestamp), loc); ok {
		m.sent = t.Unix()
	}
	m.AwaitsDispatch = e.AutoExecute.Truthy && text(e.Status) == "new"
	return m
}

// feedbackSender is how modern devpulse signs its feedback mail, the only
// mail that is stamped in UTC without saying so. Its ordinary mail is from
// "@devpulse".
const feedbackSender = "devpulse"

func (e *Envelope) mailStatus() MailStatus {
	if e.Status.Kind == jsonfile.Null {
		if e.Read.Truthy {
			return OtherMail
		}
		return NewMail
	}
	switch text(e.Status) {
	case "new":
		return NewMail
	case "opened":
		return OpenedMail
	case "closed":
		return ClosedMail
	}
	return OtherMail
}
