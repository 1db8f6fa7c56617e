package cleanup

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A reversal takes back one branch's changes in one document.
type reversal struct {
	doc    *mailbox.Doc
	undo   Undo
	branch *BranchHistory
	kept   []string
}

func (r *reversal) apply() error {
	asLeft := !r.doc.Followed() && sum(r.doc.Original()) == r.branch.result
	changes := slices.DeleteFunc(slices.Clone(r.branch.changes), func(c changeRecord) bool { return !r.undo.wants(c) })
	// From the oldest message on, so that as many are behind each as were.
	slices.SortStableFunc(changes, func(a, b changeRecord) int { return cmp.Compare(a.Behind, b.Behind) })
	for _, c := range changes {
		if err := r.reverse(c); err != nil {
			return err
		}
	}
	if asLeft && r.branch.original != "" && r.undo.Message == "" {
		return r.doc.RestoreFile([]byte(r.branch.original))
	}
	return nil
}

func (r *reversal) reverse(c changeRecord) error {
	if r.doc.Keys()[c.key()] > 1 {
		r.keep(c, "there are several of this id, time and subject")
		return nil
	}
	found := r.doc.Find(c.key())
	switch c.Kind {
	case mailbox.Delivered:
		r.removeNotice(c, found)
	case mailbox.Changed:
		return r.changeBack(c, found)
	case mailbox.Archived:
		return r.unarchive(c, found)
	default:
		return fmt.Errorf("a change of the kind %q, which no cleanup makes", c.Kind)
	}
	return nil
}

func (r *reversal) removeNotice(c changeRecord, found *mailbox.Message) {
	switch {
	case found == nil: // read and closed, or put back before
	case !alike(found.Raw(), c.After):
		r.keep(c, "the branch has read the notice")
	default:
		r.doc.Remove(found)
	}
}

func (r *reversal) changeBack(c changeRecord, found *mailbox.Message) error {
	switch {
	case found == nil:
		r.keep(c, "it is not in the inbox any more")
	case alike(found.Raw(), c.Before): // put back before
	case !alike(found.Raw(), c.After):
		r.keep(c, "the branch has changed it since")
	default:
		return r.doc.Replace(found, []byte(c.Before))
	}
	return nil
}

// unarchive puts a message back into the inbox. Its file stays in the archive:
// no program without the lock could then lose it, and whoever closes the
// message again makes the same one of it.
func (r *reversal) unarchive(c changeRecord, found *mailbox.Message) error {
	switch {
	case found == nil && r.doc.IsClosed(c.key(), c.Archive):
		r.keep(c, "the branch has closed it itself")
	case found == nil:
		return r.doc.Restore([]byte(c.Before), r.behind(c))
	case !alike(found.Raw(), c.Before): // else it was put back before
		r.keep(c, "one of this id, time and subject is in the inbox already")
	}
	return nil
}

// behind is how many messages are to be behind one that is put back: as many as
// were, without those that the run has moved as well and that stay away.
func (r *reversal) behind(c changeRecord) int {
	behind := c.Behind
	if r.undo.Message == "" {
		return behind // all of them have been put back before
	}
	keys := r.doc.Keys()
	for _, other := range r.branch.changes {
		if other.Kind == mailbox.Archived && other.Behind < c.Behind && keys[other.key()] == 0 {
			behind--
		}
	}
	return behind
}

func (r *reversal) keep(c changeRecord, why string) {
	r.kept = append(r.kept, fmt.Sprintf("%s %s: %s", c.ID, mailbox.Quote(c.Subject, quotedLength), why))
}

// alike says whether a message is still what it was, though a Python program
// may have spelled it anew.
func alike(got []byte, want string) bool {
	if string(got) == want {
		return true
	}
	var a, b any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal([]byte(want), &b) != nil {
		return false
	}
	return reflect.DeepEqual(a, b)
}
