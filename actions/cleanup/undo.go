package cleanup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// An Undo puts back what a run did, as far as the branches have not changed it
// since.
type Undo struct {
	Journal Journal
	Run     History
	// Message is the id of the only message to put back; "" is all. Branch is
	// likewise the only branch.
	Message, Branch string
	Now             time.Time
	Mailbox         mailbox.Options
}

// An Undone is what became of a branch's mail.
type Undone struct {
	Branch   string
	Restored []Item // as they were before the run
	// Left is what a later cleanup is to leave alone.
	Left []Left
	// Kept says of which messages the branch has made something else since.
	Kept   []string
	Mail   *mailbox.Count // what the inbox holds now, if it was changed
	Err    error
	Remedy string
}

// ErrNoMessage is for a message or a branch to which the run did nothing.
var ErrNoMessage = errors.New("the run did nothing to it")

var errNoBranch = errors.New("the branch is not in the registry any more, so nothing is known of its mailbox")

// Carry puts back, branch by branch, in mailboxes that stand where the
// registry says today.
func (u Undo) Carry(ctx context.Context, branches []*aipass.Branch) ([]Undone, error) {
	var all []Undone
	for i := range u.Run.Branches {
		h := &u.Run.Branches[i]
		if !u.concerns(h) {
			continue
		}
		at := slices.IndexFunc(branches, func(b *aipass.Branch) bool { return b.Name == h.Branch })
		if at < 0 {
			all = append(all, Undone{Branch: h.Branch, Err: errNoBranch, Remedy: "register the branch again, or name another run, as journal lists them"})
			continue
		}
		all = append(all, u.branch(ctx, branches[at], h))
	}
	if len(all) == 0 && (u.Message != "" || u.Branch != "") {
		return nil, fmt.Errorf("%s in run %s: %w", strings.TrimSpace(u.Branch+" "+u.Message), u.Run.ID, ErrNoMessage)
	}
	return all, nil
}

func (u Undo) concerns(h *BranchHistory) bool {
	return (u.Branch == "" || u.Branch == h.Branch) && slices.ContainsFunc(h.changes, u.wants)
}

// Concerns says whether the undo has anything to do with its run.
func (u Undo) Concerns() bool {
	return slices.ContainsFunc(u.Run.Branches, func(h BranchHistory) bool { return u.concerns(&h) })
}

func (u Undo) wants(c changeRecord) bool { return u.Message == "" || c.ID == u.Message }

func (u Undo) branch(ctx context.Context, b *aipass.Branch, h *BranchHistory) Undone {
	options := u.Mailbox
	options.Layout = b.Layout
	result := Undone{Branch: b.Name}
	if err := ctx.Err(); err != nil {
		result.Err, result.Remedy = fmt.Errorf("not reached: %w", err), remedy(err)
		return result
	}
	var kept []string
	var mail mailbox.Count
	changes, err := mailbox.At(b.MailboxDir(), options).Update(ctx, func(d *mailbox.Doc) error {
		reversal := reversal{doc: d, undo: u, branch: h}
		err := reversal.apply()
		kept, mail = reversal.kept, d.Count()
		return err
	})
	result.Kept = kept
	if len(changes) > 0 && !errors.Is(err, mailbox.ErrUndone) {
		result.Mail = &mail
	}
	for _, c := range changes {
		if c.Kind == mailbox.Removed {
			continue // the notice, which was not there before
		}
		sent, _ := c.Message.Sent()
		result.Restored = append(result.Restored, Item{c.Message.ID, c.Message.From, c.Message.Subject, sent})
		result.Left = append(result.Left, newLeft(c))
	}
	if err == nil {
		err = u.note(h.Branch)
	}
	if err != nil {
		result.Err, result.Remedy = err, remedy(err)
	}
	return result
}

// note writes down that a branch's part has been put back.
func (u Undo) note(branch string) error {
	f, err := u.Journal.reopen(u.Run.ID)
	if err == nil {
		defer f.Close()
		err = appendTo(f, record{Undone: &undoneRecord{At: u.Now, Branch: branch, Message: u.Message}})
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errJournal, err)
	}
	return nil
}
