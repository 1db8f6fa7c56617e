package aipass

import (
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// rawMessage is the part of a message that decides what it counts as.
type rawMessage struct {
	timestamp, status, read, autoExecute, from jsonfile.Value
}

func parseMessage(d *jsonfile.Decoder, loc *time.Location) (Message, error) {
	var raw rawMessage
	err := d.Object(func(name string) (err error) {
		switch name {
		case "timestamp":
			raw.timestamp, err = d.Value()
		case "status":
			raw.status, err = d.Value()
		case "read":
			raw.read, err = d.Value()
		case "auto_execute":
			raw.autoExecute, err = d.Value()
		case "from":
			raw.from, err = d.Value()
		}
		return err
	})
	return raw.message(loc), err
}

func (raw rawMessage) message(loc *time.Location) Message {
	if raw.from.Text == feedbackSender {
		loc = time.UTC
	}
	m := Message{sent: undated, Status: raw.mailStatus()}
	if t, ok := parseTime(raw.timestamp.Text, loc); ok && raw.timestamp.Kind == jsonfile.String {
		m.sent = t.Unix()
	}
	m.AwaitsDispatch = raw.autoExecute.Truthy && raw.status.Text == "new"
	return m
}

// feedbackSender is how modern devpulse signs its feedback mail, the only
// mail that is stamped in UTC without saying so. Its ordinary mail is from
// "@devpulse".
const feedbackSender = "devpulse"

func (raw rawMessage) mailStatus() MailStatus {
	if raw.status.Kind == jsonfile.Null {
		if raw.read.Truthy {
			return OtherMail
		}
		return NewMail
	}
	switch raw.status.Text {
	case "new":
		return NewMail
	case "opened":
		return OpenedMail
	case "closed":
		return ClosedMail
	}
	return OtherMail
}
