package alerts

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"time"
)

// A Notification is what Alertmanager posts to a webhook, as far as mail needs
// it: version 4 of its payload, which has grown since 0.25 and keeps growing.
// Its own status is that of the alerts that were not cut off, so it is not used.
type Notification struct {
	Version         string  `json:"version"`
	Receiver        string  `json:"receiver"` // a regular expression, says Alertmanager's source: with \ before dots
	GroupKey        string  `json:"groupKey"`
	Reason          string  `json:"notification_reason"` // since 0.32
	TruncatedAlerts uint64  `json:"truncatedAlerts"`
	Alerts          []Alert `json:"alerts"`
}

// An Alert is one of a notification's.
type Alert struct {
	Status      string            `json:"status"` // firing or resolved
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	// StartsAt is the earliest that this Alertmanager has seen: another one of a
	// pair may say another, and so may the same one after a restart.
	StartsAt    time.Time `json:"startsAt"`
	EndsAt      time.Time `json:"endsAt"`      // the zero time while it fires
	Fingerprint string    `json:"fingerprint"` // of its labels
}

// The two statuses of an alert.
const (
	firing   = "firing"
	resolved = "resolved"
)

// ErrNotANotification says that what was posted is not from Alertmanager, and will
// not be when it is posted again.
var ErrNotANotification = errors.New("no notification of Alertmanager")

// Parse reads a notification.
func Parse(body []byte) (Notification, error) {
	var n Notification
	if err := json.Unmarshal(body, &n); err != nil {
		return n, fmt.Errorf("%w: %w", ErrNotANotification, err)
	}
	return n, n.Check()
}

// Check says what keeps a notification from being understood.
func (n *Notification) Check() error {
	switch {
	case n.Version != "4":
		return fmt.Errorf("%w: version %.20q, want \"4\"", ErrNotANotification, n.Version)
	case n.GroupKey == "":
		return fmt.Errorf("%w: no groupKey", ErrNotANotification)
	case len(n.Alerts) == 0:
		return fmt.Errorf("%w: no alerts", ErrNotANotification)
	}
	for i := range n.Alerts {
		a := &n.Alerts[i]
		if a.Status != firing && a.Status != resolved {
			return fmt.Errorf("%w: alert %d is %.20q, neither firing nor resolved", ErrNotANotification, i+1, a.Status)
		}
		if !wellFormed.MatchString(a.Fingerprint) {
			a.Fingerprint = fingerprint(a.Labels)
		}
		a.StartsAt, a.EndsAt = utc(a.StartsAt), utc(a.EndsAt)
	}
	return nil
}

// utc is the zero time for one that is in a year without four digits there, as
// zones make them: nothing happens then, and JSON has no room for it.
func utc(t time.Time) time.Time {
	t = t.UTC()
	if year := t.Year(); year < 1 || year > 9999 {
		return time.Time{}
	}
	return t
}

// wellFormed is a fingerprint such as Alertmanager makes them.
var wellFormed = regexp.MustCompile(`^[0-9a-f]{16}$`)

// fingerprint is for senders that leave it out; it need not be Alertmanager's.
func fingerprint(labels map[string]string) string {
	h := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		fmt.Fprintf(h, "%q=%q,", name, labels[name])
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// group names Alertmanager's group, which is the same on every replica with the
// same routing file.
func (n *Notification) group() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q", n.Receiver, n.GroupKey)
	return fmt.Sprintf("%016x", h.Sum64())
}
