package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// A Desk gets notifications into mailboxes, such as [alerts.Desk] does.
type Desk interface {
	Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error)
}

// A Keeper is a Desk that keeps account of what another one does: it counts
// everything, and enters in the ledger what is news. That follows the mail,
// and a fault of it is none of the mail's.
type Keeper struct {
	Desk   Desk
	Ledger *Ledger
	Tally  *actions.Tally
	Now    func() time.Time
	Fault  func(error) // is told what keeps entries out of the ledger

	mu      sync.Mutex
	failing map[failure]bool
}

// A failure is an alert that did not get into a mailbox.
type failure struct{ branch, fingerprint string }

// maxFailing bounds how many failures are remembered. Beyond that they are
// entered once more.
const maxFailing = 10_000

// Accept does what the desk does.
func (k *Keeper) Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	told, err := k.Desk.Accept(ctx, n, to)
	totals := map[string]actions.NotificationTotals{}
	for _, t := range told {
		totals[t.Branch] = totals[t.Branch].Plus(total(t.Outcome))
	}
	for branch, total := range totals {
		k.Tally.Notified(branch, total)
	}
	if fault := k.Ledger.Append(k.news(told, to)...); fault != nil {
		k.Fault(fault)
	}
	return told, err
}

// news are entries about what was not known before. What fails is sent again
// and again, and news once.
func (k *Keeper) news(told []alerts.Told, to string) (entries []Entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failing == nil || len(k.failing) > maxFailing {
		k.failing = map[failure]bool{}
	}
	now := k.Now()
	for _, t := range told {
		f := failure{t.Branch, t.Fingerprint}
		known := t.Outcome == alerts.Duplicate || t.Outcome == alerts.Failed && k.failing[f]
		if t.Outcome == alerts.Failed {
			k.failing[f] = true
		} else {
			delete(k.failing, f)
		}
		if !known {
			entries = append(entries, Of(t, to, now))
		}
	}
	return entries
}

// total is one of an outcome.
func total(o alerts.Outcome) (t actions.NotificationTotals) {
	switch o {
	case alerts.Delivered:
		t.Delivered = 1
	case alerts.Updated:
		t.Updated = 1
	case alerts.Resolved:
		t.Resolved = 1
	case alerts.Duplicate:
		t.Duplicate = 1
	case alerts.Folded:
		t.Folded = 1
	case alerts.Failed:
		t.Failed = 1
	}
	return t
}
