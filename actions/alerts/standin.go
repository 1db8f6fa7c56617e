package alerts

import (
	"context"
	"errors"
	"fmt"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// post applies a posting to its mailbox or, if that cannot be used, to that of
// who catches all.
func (d *Desk) post(ctx context.Context, s *aipass.Snapshot, p *posting) error {
	if p.branch == nil {
		return fmt.Errorf("nobody catches all: %w", recipients.ErrNobody)
	}
	err := d.apply(ctx, s, p)
	if instead := d.catchAll(s); err != nil && lasting(err) && instead != nil && instead != p.branch {
		p.divert(instead)
		err = d.apply(ctx, s, p)
	}
	if err != nil {
		return fmt.Errorf("branch %s: %w; %s", p.branch.Name, err, mailbox.Remedy(err))
	}
	return nil
}

// endElsewhere has who catches all hear of the ends that the mailbox has no
// beginnings of: it may have been stood in for.
func (d *Desk) endElsewhere(ctx context.Context, s *aipass.Snapshot, p *posting, told []Told) error {
	instead := d.catchAll(s)
	other := p.elsewhere(instead)
	if instead == nil || instead == p.branch || len(other.alerts) == 0 {
		return nil
	}
	err := d.apply(ctx, s, other)
	switch {
	case err != nil && lasting(err):
		return nil // then it stands in for nobody
	case err != nil:
		return fmt.Errorf("branch %s: %w; %s", instead.Name, err, mailbox.Remedy(err))
	}
	for i, t := range other.result(nil) {
		if t.Outcome != Duplicate {
			told[other.places[i]] = t
		}
	}
	return nil
}

// lasting: somebody will have to do something about the mailbox first.
func lasting(err error) bool { return mailbox.Lasting(err) || errors.Is(err, aipass.ErrOutsideRoot) }

func (d *Desk) apply(ctx context.Context, s *aipass.Snapshot, p *posting) error {
	if !p.branch.Directory.OK() {
		return p.branch.Directory.Err
	}
	options := d.Mailbox
	options.Layout = p.branch.Layout
	p.from = recipients.From(s, p.branch)
	_, err := mailbox.At(p.branch.MailboxDir(), options).Update(ctx, p.edit)
	return err
}
