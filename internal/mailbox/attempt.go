package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// attempt edits what was read and puts it in place. If somebody rewrote the
// inbox meanwhile, either the error is errOvertaken, or next is what that
// program has written, which is to be edited in its turn.
func (s *session) attempt(ctx context.Context, src *source, edit func(*Doc) error) (next *source, written bool, err error) {
	doc, err := s.edited(src, edit)
	if err == nil && doc.isAsWanted() && !src.rescued {
		return nil, false, s.settle(doc)
	}
	var data []byte
	if err == nil {
		data, err = s.prepare(doc)
	}
	if err != nil {
		return nil, false, s.giveBack(ctx, src, err)
	}
	next, err = s.replace(ctx, src, data)
	return next, s.note(src, doc, next, err), err
}

// settle ends an attempt with nothing to do. The inbox may be as it is since a
// write that could not be synced.
func (s *session) settle(doc *Doc) error {
	if err := s.syncInbox(); err != nil {
		return err
	}
	s.tidy(doc)
	return nil
}

// note keeps what came of an attempt, and says whether it was written.
func (s *session) note(src *source, doc *Doc, next *source, err error) (written bool) {
	written = err == nil || errors.Is(err, ErrNotDurable)
	if written {
		s.noteDelivered(doc)
	}
	switch {
	case written && next == nil:
		s.remember(doc)
		if err == nil {
			s.tidy(doc)
		}
	case written:
		s.replaced = doc
	case src.rescued: // then what is in place came of that
		s.remember(s.replaced)
	}
	return written
}

// giveBack puts another program's inbox, of which we hold the only copy, in
// place as it is, now that it cannot be edited.
func (s *session) giveBack(ctx context.Context, src *source, why error) error {
	if !src.rescued {
		return why
	}
	doc, err := s.newDoc(src.content, src.own)
	for range maxAttempts {
		if err != nil {
			break
		}
		var next *source
		if next, err = s.replace(ctx, src, doc.Bytes()); next == nil {
			break
		}
		defer next.close()
		src = next
		doc, err = s.newDoc(src.content, src.own)
	}
	if err == nil || errors.Is(err, ErrNotDurable) || errors.Is(err, errOvertaken) {
		return why
	}
	s.remember(s.replaced)
	return fmt.Errorf("%w; and what another program wrote meanwhile could not be put back: %w", why, err)
}

// edited is the document as edit wants it.
func (s *session) edited(src *source, edit func(*Doc) error) (*Doc, error) {
	doc, err := s.newDoc(src.content, src.own)
	if err != nil {
		return nil, err
	}
	if !src.rescued {
		doc.follow(s.strays)
	}
	return doc, edit(doc)
}

// prepare does what must be on the disk before the inbox changes, and returns
// what that is to become.
func (s *session) prepare(doc *Doc) ([]byte, error) {
	data := doc.Bytes()
	if _, err := takeApart(data); err != nil {
		return nil, fmt.Errorf("what was to be written to %s: %w", s.dir.path(aipass.InboxFile), err)
	}
	for _, f := range doc.beforeWrite {
		if err := f(doc.changes); err != nil {
			return nil, err
		}
	}
	return data, s.archive(doc)
}

// remember keeps what has been done. Of a message that had to be changed again
// the last change counts.
func (s *session) remember(doc *Doc) {
	if s.rounds > 1 && len(doc.changes) > 0 {
		s.o.Observer.LostUpdate()
	}
	s.changes = slices.DeleteFunc(s.changes, func(old Change) bool {
		return slices.ContainsFunc(doc.changes, func(c Change) bool { return c.Message.Key() == old.Message.Key() })
	})
	for i, c := range doc.changes {
		again := slices.ContainsFunc(doc.changes[i+1:], func(later Change) bool {
			return later.Message.Key() == c.Message.Key() && later.Behind == c.Behind // twins differ in that
		})
		if !again {
			s.changes = append(s.changes, c)
		}
	}
}

// noteDelivered notes which letters others may have seen in the inbox.
func (s *session) noteDelivered(doc *Doc) {
	for _, l := range doc.letters {
		for _, m := range doc.messages {
			if m.ID == l.id {
				l.delivered = m.Key()
			}
		}
	}
}
