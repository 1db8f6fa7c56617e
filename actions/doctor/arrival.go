package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// pause is how long to wait between two looks into the mailbox.
const pause = 50 * time.Millisecond

// await looks into the mailbox until the mail is there.
func (t *Test) await(ctx context.Context, name string) error {
	again := time.NewTicker(pause)
	defer again.Stop()
	for {
		there, err := t.has(ctx, name)
		if there {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-again.C:
		}
	}
}

// has looks for mail about an alert in the mailbox.
func (t *Test) has(ctx context.Context, name string) (there bool, err error) {
	options := t.Mailbox
	options.Layout = t.to.Layout
	_, err = mailbox.At(t.to.MailboxDir(), options).Look(ctx, func(d *mailbox.Doc) error {
		there = slices.ContainsFunc(d.Messages(), func(m *mailbox.Message) bool { return isAbout(m, name) })
		return nil
	})
	return there && err == nil, err
}

// A mention of an alert stands in the marker of the mail.
type mention struct {
	Name string `json:"alertname"`
}

// isAbout says whether a message of this program's is about an alert.
func isAbout(m *mailbox.Message, name string) bool {
	var marker struct {
		Alerts []mention `json:"alerts"`
	}
	return json.Unmarshal(m.Marker(), &marker) == nil && slices.Contains(marker.Alerts, mention{name})
}
