package cleanup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Cleanup is one run over a host.
type Cleanup struct {
	Rules Rules
	// Now is the time of the run: of the look, so that what was stale is.
	Now time.Time
	// Mailbox says how to treat mailboxes; their layout is each branch's own.
	Mailbox mailbox.Options
	// Journal takes what is done, before it is done. Without one it is a dry
	// run: the same, but nothing is written.
	Journal *Run
	// LeftAlone is what somebody had put back.
	LeftAlone LeftAlone
	// Sender is the registered address that notices come from; "" is each
	// branch's own.
	Sender string
}

// A Result is what became of a branch.
type Result struct {
	Branch string
	Opened []Item
	Closed []Item
	// Notice is the id of the mail that tells the branch, "" if there is none.
	Notice string
	// Mail is what the inbox holds now, if it was changed, or would hold.
	Mail   *mailbox.Count
	Err    error
	Remedy string
}

// An Item is a message that was opened or closed.
type Item struct {
	ID, From, Subject string
	Sent              time.Time
}

// Run cleans up the given branches of a look. There is a result for each, in
// the same order; one that fails costs no other.
func (c Cleanup) Run(ctx context.Context, branches []*aipass.Branch) []Result {
	if c.Mailbox.Location == nil {
		c.Mailbox.Location = time.Local
	}
	results := make([]Result, len(branches))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(len(branches), parallel()) {
		workers.Go(func() {
			for i := range next {
				results[i] = c.branch(ctx, branches[i])
			}
		})
	}
	for i := range branches {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

// parallel is how many mailboxes are worked on at a time. Mostly that is
// waiting: for the disk, and for the second look at a legacy mailbox.
func parallel() int { return 4 * runtime.GOMAXPROCS(0) }

func (c Cleanup) branch(ctx context.Context, b *aipass.Branch) Result {
	result := Result{Branch: b.Name}
	switch {
	case b.Inbox.State() == aipass.Missing:
		return result // no mail is no stale mail
	case !b.Inbox.OK() && !curable(b.Inbox.Err) && !c.mayBeHalfWritten(b):
		result.Err, result.Remedy = b.Inbox.Err, aipass.Remedy(aipass.InboxLabel, b.Inbox.Err)
		return result
	case b.Inbox.OK() && !c.Rules.candidate(b, c.Now):
		return result
	}
	if err := ctx.Err(); err != nil {
		return result.failed(fmt.Errorf("not reached: %w", err))
	}
	changes, mail, err := c.clean(ctx, b)
	if len(changes) > 0 && !errors.Is(err, mailbox.ErrUndone) {
		result.Mail = &mail
	}
	for _, change := range changes {
		result.add(change)
	}
	if err != nil {
		return result.failed(err)
	}
	return result
}

// mayBeHalfWritten: a look does not wait for whoever writes an inbox in place;
// under the lock it is read again until it is whole, or surely broken.
func (c Cleanup) mayBeHalfWritten(b *aipass.Branch) bool {
	return b.Inbox.State() == aipass.Malformed && c.Now.Sub(b.Inbox.ModTime()).Abs() < beingWritten
}

// beingWritten is how old an inbox must be to count as written, to a second or two.
const beingWritten = 5 * time.Second

// curable: the one fault of an inbox that a write puts right.
func curable(err error) bool { return errors.Is(err, jsonfile.ErrLoneSurrogate) }

func (r Result) failed(err error) Result {
	r.Err, r.Remedy = err, remedy(err)
	return r
}

func (r *Result) add(change mailbox.Change) {
	m := change.Message
	sent, _ := m.Sent()
	item := Item{m.ID, m.From, m.Subject, sent}
	switch change.Kind {
	case mailbox.Changed:
		r.Opened = append(r.Opened, item)
	case mailbox.Archived:
		r.Closed = append(r.Closed, item)
	case mailbox.Delivered:
		r.Notice = m.ID
	}
}

// clean does what the rules say to one mailbox, or says what that would be.
func (c Cleanup) clean(ctx context.Context, b *aipass.Branch) (changes []mailbox.Change, mail mailbox.Count, err error) {
	options := c.Mailbox
	options.Layout = b.Layout
	box := mailbox.At(b.MailboxDir(), options)
	notice, left := c.newNotice(b), c.LeftAlone.of(b.Name)
	edit := func(d *mailbox.Doc) error {
		err := c.edit(d, left, notice)
		mail = d.Count()
		return err
	}
	if c.Journal == nil {
		changes, err = box.Look(ctx, edit)
		return changes, mail, err
	}
	changes, err = box.Update(ctx, func(d *mailbox.Doc) error {
		original := asRead(d)
		d.BeforeWrite(func(changes []mailbox.Change) error {
			return c.Journal.record(b.Name, original, d.Bytes(), changes)
		})
		return edit(d)
	})
	if len(changes) > 0 || err != nil {
		err = errors.Join(err, c.Journal.finish(b.Name, changes, err))
	}
	return changes, mail, err
}

// edit opens and closes what the rules say, and adds the notice.
func (c Cleanup) edit(d *mailbox.Doc, left map[Left]bool, notice *notice) error {
	notice.opened, notice.closed = notice.opened[:0], 0
	keys := d.Keys()
	for _, m := range d.Messages() {
		var err error
		switch v := c.Rules.judge(m, c.Now); {
		case v == leave || keys[m.Key()] > 1 || left[Left{m.Key(), m.Status.String()}]:
			continue // the last two: it cannot be told from another, or was put back
		case v == closed:
			err = d.Archive(m)
			notice.closed++
		default:
			err = d.Open(m, c.openedFields()...)
			notice.about(m)
		}
		if err != nil {
			return err
		}
	}
	if len(notice.opened) == 0 {
		return nil
	}
	return d.Deliver(notice.letter())
}

func (c Cleanup) openedFields() []mailbox.Field {
	at := mailbox.Stamp(c.Now.In(c.Mailbox.Location))
	return []mailbox.Field{
		{Name: mailbox.AutoOpenedMember, Value: "true"},
		{Name: mailbox.AutoOpenedAtMember, Value: `"` + at + `"`},
	}
}

// asRead is the inbox as it was, if writing it again would change it though no
// message changed. Of one that has more than its file there is none.
func asRead(d *mailbox.Doc) []byte {
	if d.Followed() || bytes.Equal(d.Bytes(), d.Original()) {
		return nil
	}
	return d.Original()
}
