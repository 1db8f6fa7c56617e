package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Desk takes notifications and sees to it that they get into mailboxes. It is
// safe for concurrent use.
type Desk struct {
	Tree aipass.Tree
	// Look says who is registered. Without it every notification looks anew.
	Look    *aipass.Snapshot
	Mailbox mailbox.Options // the layout is each branch's own
	Roles   recipients.Roles
	// Remind is how long an alert that the branch has closed and that still
	// fires is not mentioned again.
	Remind time.Duration
	// MaxMails is how many mails a mailbox gets within an hour; what exceeds
	// that is folded into one more, which counts.
	MaxMails int
	Now      func() time.Time
}

// ToBranch is for the branch that each alert's label names.
const ToBranch = "branch"

var (
	// ErrNoSuchRecipient says that mail can be for a branch, a role or an address.
	ErrNoSuchRecipient = errors.New("no such recipient")
	// ErrRegistry says that without the registry nobody is known.
	ErrRegistry = errors.New("the registry cannot be used")
)

// parallel is how many mailboxes a notification is put into at a time. That is
// mostly waiting for the disk.
const parallel = 8

// Accept puts a notification into mailboxes and returns what became of each
// alert, in the notification's order. to is ToBranch, a role, or an address.
// Who is not registered, or has no mailbox that can be used, is stood in for by
// whoever catches all.
//
// The error is ErrNotANotification, or ErrNoSuchRecipient if there can be nobody
// of that kind, else the reasons why alerts failed. Those have to be sent again; what did get into a
// mailbox is known there then.
func (d *Desk) Accept(ctx context.Context, n Notification, to string) ([]Told, error) {
	s, postings, err := d.postings(ctx, &n, to)
	if err != nil {
		return nil, err
	}
	told := make([]Told, len(n.Alerts))
	var workers sync.WaitGroup
	free := make(chan struct{}, parallel)
	faults := make([]error, len(postings))
	for i, p := range postings {
		free <- struct{}{}
		workers.Go(func() {
			defer func() { <-free }()
			faults[i] = d.post(ctx, s, p)
			for j, t := range p.result(faults[i]) {
				told[p.places[j]] = t
			}
			if faults[i] == nil {
				faults[i] = d.endElsewhere(ctx, s, p, told)
			}
		})
	}
	workers.Wait()
	return told, errors.Join(faults...)
}

// Plan says whose mailboxes Accept would put the alerts into, each with a Told that has
// no outcome, in the notification's order. It reads no mailbox, and writes nothing.
func (d *Desk) Plan(ctx context.Context, n Notification, to string) ([]Told, error) {
	_, postings, err := d.postings(ctx, &n, to)
	if err != nil {
		return nil, err
	}
	told := make([]Told, len(n.Alerts))
	for _, p := range postings {
		for i, t := range p.result(nil) {
			t.Outcome = ""
			told[p.places[i]] = t
		}
	}
	return told, nil
}

// postings are what a notification has for each mailbox.
func (d *Desk) postings(ctx context.Context, n *Notification, to string) (*aipass.Snapshot, []*posting, error) {
	n.Alerts = slices.Clone(n.Alerts) // Check puts them right, and others may be reading them
	if err := n.Check(); err != nil {
		return nil, nil, err
	}
	if to != ToBranch && d.Roles.Check(to) != nil {
		return nil, nil, fmt.Errorf("%w: %.50q is neither %s, nor a role, nor an address", ErrNoSuchRecipient, to, ToBranch)
	}
	s := d.Look
	if s == nil {
		s = d.Tree.Addresses().Snapshot(ctx)
	}
	if !s.Registry.OK() {
		return nil, nil, fmt.Errorf("%w: %w; %s", ErrRegistry, s.Registry.Err, aipass.Remedy(aipass.RegistryFile, s.Registry.Err))
	}
	return s, d.sort(s, n, to), nil
}

// sort makes a posting for each mailbox, and one without for what nobody gets.
func (d *Desk) sort(s *aipass.Snapshot, n *Notification, to string) []*posting {
	var postings []*posting
	of := map[*aipass.Branch]*posting{}
	known := map[string]*aipass.Branch{} // by label, for alerts are many and branches few
	for i := range n.Alerts {
		label := n.Alerts[i].Labels["branch"]
		b, asked := known[label]
		if !asked {
			b = d.recipient(s, label, to)
			known[label] = b
		}
		p := of[b]
		if p == nil {
			p = d.newPosting(n, b)
			of[b], postings = p, append(postings, p)
		}
		p.alerts, p.places = append(p.alerts, &n.Alerts[i]), append(p.places, i)
	}
	return postings
}

// recipient is whose mailbox an alert about a branch is for, or who catches
// all, nil if there is nobody.
func (d *Desk) recipient(s *aipass.Snapshot, about, to string) *aipass.Branch {
	if to == ToBranch {
		if b := s.Named(about); b != nil {
			return b
		}
		return d.catchAll(s)
	}
	if b, err := d.Roles.Find(s, to); err == nil {
		return b
	}
	return d.catchAll(s)
}

// catchAll is who gets what nobody else can get, nil if there is nobody.
func (d *Desk) catchAll(s *aipass.Snapshot) *aipass.Branch {
	for _, role := range [...]string{recipients.DevCentral, recipients.Assistant} {
		if b, err := d.Roles.Find(s, role); err == nil {
			return b
		}
	}
	return nil
}
