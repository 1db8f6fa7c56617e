package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// An Entry is a line of the ledger.
type Entry struct {
	Time    time.Time `json:"time"`
	Branch  string    `json:"branch"` // whose mailbox, "" if it got into none
	Outcome string    `json:"outcome"`
	To      string    `json:"to"` // as it was asked for: branch, a role, an address
	// Message is the mail's id.
	Message string `json:"message,omitempty"`
	// Subject is that of mail sent by hand, which has no alert.
	Subject     string `json:"subject,omitempty"`
	Alert       string `json:"alert,omitempty"`
	About       string `json:"about,omitempty"` // the alert's branch label
	Severity    string `json:"severity,omitempty"`
	Status      string `json:"status,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Error       string `json:"error,omitempty"`
}

// maxText bounds an entry's texts, in bytes: what an error quotes may be long.
const maxText = 500

// Of is the entry about what became of an alert.
func Of(t alerts.Told, to string, now time.Time) Entry {
	e := Entry{
		Time: now.UTC(), Branch: t.Branch, Outcome: string(t.Outcome), To: to, Message: t.Message,
		Alert: t.Name, About: t.About, Severity: t.Severity, Status: t.Status, Fingerprint: t.Fingerprint,
	}
	if t.Err != nil {
		e.Error = t.Err.Error()
	}
	return e
}

// encode makes lines of entries.
func encode(entries []Entry) ([]byte, error) {
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	enc.SetEscapeHTML(false)
	for _, e := range entries {
		for _, text := range [...]*string{&e.Branch, &e.To, &e.Subject, &e.Alert, &e.About, &e.Severity, &e.Fingerprint, &e.Error} {
			*text = cut(*text)
		}
		if err := enc.Encode(e); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
	}
	return lines.Bytes(), nil
}

func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
