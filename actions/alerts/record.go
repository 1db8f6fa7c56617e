package alerts

import (
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// kind is what tells a message of alerts from others of this program's.
const kind = "alerts"

// A note is what a message of alerts keeps inside itself.
type note struct {
	Kind    string  `json:"kind"`
	Group   string  `json:"group"`            // of Alertmanager's
	Digest  bool    `json:"digest,omitempty"` // of a storm, whatever the group
	Reason  string  `json:"reason,omitempty"` // why Alertmanager sent the last news
	LeftOut uint64  `json:"left_out,omitempty"`
	Alerts  records `json:"alerts"`
}

// A record is one episode of an alert: from when it fires until it is resolved.
type record struct {
	Fingerprint string    `json:"fingerprint"`
	Episode     int       `json:"episode"`
	Status      string    `json:"status"`
	Starts      time.Time `json:"starts_at"`
	Ends        time.Time `json:"ends_at,omitzero"`
	Seen        time.Time `json:"seen_at"` // when Alertmanager last spoke of it, by our clock
	Count       int       `json:"count"`   // how often it did, deliveries of one moment being one
	// Closed is when the branch closed the message before, of a reminder.
	Closed time.Time `json:"closed_at,omitzero"`
	// For is whose mailbox it was meant for and could not be put into.
	For string `json:"for,omitempty"`

	Name        string `json:"alertname"`
	Branch      string `json:"branch,omitempty"`
	Severity    string `json:"severity,omitempty"`
	Priority    string `json:"priority,omitempty"`
	Summary     string `json:"summary,omitempty"`
	Description string `json:"description,omitempty"`
	Runbook     string `json:"runbook_url,omitempty"`
}

// How much of an alert a message keeps, in code points. Labels and annotations
// may be of any length.
const (
	nameLength    = 100
	summaryLength = 200
	textLength    = 500
)

// newRecord is the first that is known of an episode.
func newRecord(a *Alert, now time.Time) record {
	starts := a.StartsAt
	if starts.IsZero() { // which Alertmanager's never is
		starts = now
	}
	return record{
		Fingerprint: a.Fingerprint, Episode: 1, Status: a.Status, Starts: starts.UTC(), Seen: now.UTC(), Count: 1,
		Name: cut(a.Labels["alertname"], nameLength), Branch: cut(a.Labels["branch"], nameLength),
		Severity: cut(a.Labels["severity"], nameLength), Priority: cut(a.Labels["priority"], nameLength),
		Summary:     cut(a.Annotations["summary"], summaryLength),
		Description: cut(a.Annotations["description"], textLength),
		Runbook:     cut(a.Annotations["runbook_url"], summaryLength),
	}
}

// cut makes a line of what somebody else wrote, no longer than that.
func cut(text string, length int) string {
	if most := 4 * (length + 1); len(text) > most { // which are more bytes than fit
		text = text[:most]
	}
	text = mailbox.Line(text)
	if utf8.RuneCountInString(text) > length {
		text = string([]rune(text)[:length-1]) + "…"
	}
	return text
}

// marker is the note as the message keeps it. The texts of alerts that it does
// not show are left out: there may be thousands.
func (n note) marker() ([]byte, error) {
	n.Alerts = slices.Clone(n.Alerts)
	for i := shown; i < len(n.Alerts); i++ {
		n.Alerts[i].Summary, n.Alerts[i].Description, n.Alerts[i].Runbook = "", "", ""
	}
	return json.Marshal(n)
}

func (n *note) isOver() bool { return n.count(firing) == 0 }

func (n *note) count(status string) int {
	count := 0
	for i := range n.Alerts {
		if n.Alerts[i].Status == status {
			count++
		}
	}
	return count
}

// lastSeen is when Alertmanager last spoke of any of its alerts.
func (n *note) lastSeen() (last time.Time) {
	for i := range n.Alerts {
		if seen := n.Alerts[i].Seen; seen.After(last) {
			last = seen
		}
	}
	return last
}
