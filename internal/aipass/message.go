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
	err := fields(d, func(name string) *jsonfile.Value {
		switch name {
		case "timestamp":
			return &raw.timestamp
		case "status":
			return &raw.status
		case "read":
			return &raw.read
		case "auto_execute":
			return &raw.autoExecute
		case "from":
			return &raw.from
		}
		return nil
	})
	return raw.message(loc), err
}

func (raw rawMessage) message(loc *time.Location) Message {
	if text(raw.from) == feedbackSender {
		loc = time.UTC
	}
	m := Message{sent: undated, Status: raw.mailStatus()}
	if t, ok := parseTime(text(raw.timestamp), loc); ok {
		m.sent = t.Unix()
	}
	m.AwaitsDispatch = raw.autoExecute.Truthy && text(raw.status) == "new"
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
	switch text(raw.status) {
	case "new":
		return NewMail
	case "opened":
		return OpenedMail
	case "closed":
		return ClosedMail
	}
	return OtherMail
}
