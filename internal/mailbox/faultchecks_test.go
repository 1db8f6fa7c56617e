package mailbox

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// silent are the functions whose steps may fail without an error, with what is
// made of it.
var silent = map[string]string{
	"removeLeftovers": "next time is early enough",
	"untouched":       "somebody has written: it reads anew",
	"rescue":          "somebody has written: it reads what",
	"same":            "the lock file is another: it takes that",
	"isArchiveOf":     "another file: it writes its own",
	"isClosed":        "there is no archive: nothing can be closed in it",
}

func isSilent(st step) bool {
	return st.op == "close" || st.op == "remove" && st.isTemporary() ||
		slices.ContainsFunc(st.by, func(name string) bool { return silent[name] != "" })
}

// checkError checks that the error is what has happened.
func checkError(t *testing.T, f fault, hit step, err error) {
	t.Helper()
	var want []error
	switch {
	case f.dies:
		want = []error{errDied}
	case f.strike != nil:
		want = []error{nil, fs.ErrNotExist}
	case hit.op == "lock":
		want = []error{syscall.EBADF}
	case hit.isBy("same"):
		want = []error{nil, f.errno, ErrLocked}
	case hit.isBy("isArchiveOf"):
		want = []error{nil, f.errno, fs.ErrExist} // which is not overwritten
	case isSilent(hit):
		want = []error{nil, f.errno}
	default:
		want = []error{f.errno}
	}
	if !slices.ContainsFunc(want, func(w error) bool { return errors.Is(err, w) }) {
		t.Errorf("got error %v, want one of %v", err, want)
	}
}

// checkInbox checks that the inbox is the old one after an error, and the new
// one after none.
func checkInbox(t *testing.T, f fault, hit step, err error, got, old, want state) {
	t.Helper()
	isOld, isNew := got.inbox == old.inbox, got.inbox == want.inbox
	switch {
	case !isOld && !isNew:
		t.Errorf("the inbox is neither the old nor the new one:\n%s", got.inbox)
	case f.dies || f.late && hit.op == "rename":
	case err == nil || errors.Is(err, ErrNotDurable):
		if !isNew {
			t.Errorf("after error %v it is the old inbox", err)
		}
	case !isOld:
		t.Errorf("after error %v it is the new inbox", err)
	}
}

// checkRemoved checks that nobody says they have written what was not in place
// when the mailbox was removed.
func checkRemoved(t *testing.T, before []step, err error) {
	t.Helper()
	inPlace := slices.ContainsFunc(before, func(s step) bool { return s.onto == aipass.InboxFile })
	if err == nil && !inPlace {
		t.Error("it was done in a mailbox that was no longer there")
	}
}

// checkMail checks that every message is so many times in the inbox or the
// archive.
func (w write) checkMail(t *testing.T, got, old state, least, most int) {
	t.Helper()
	for id, content := range old.messages {
		n := 0
		for _, found := range slices.Concat(got.archived[id], got.inboxOnly(id)) {
			if diff := cmp.Diff(content, found); diff != "" {
				t.Errorf("message %s has changed: %s", id, diff)
			}
			n++
		}
		if id != w.gone && n < least || n > most {
			t.Errorf("message %s is %d times in the inbox or the archive, want %d to %d", id, n, least, most)
		}
	}
}

// mayLeave says whether a temporary file may stay.
func mayLeave(f fault, hit step) bool {
	return f.dies || hit.op == "remove" || f.late && (hit.op == "create" || hit.op == "mkdir")
}

// checkRetry checks what the next try has left.
func (w write) checkRetry(t *testing.T, f fault, hit step, got, old, want state) {
	t.Helper()
	if got.inbox != want.inbox {
		t.Errorf("after the next try the inbox is\n%s", got.inbox)
	}
	if len(got.temporary) > 0 {
		t.Errorf("after the next try there is still %q", got.temporary)
	}
	most := 1
	if hit.isBy("isArchiveOf") || f.strike != nil {
		most = 2 // one archive too many is no loss
	}
	w.checkMail(t, got, old, 1, most)
	for _, id := range w.archived {
		if len(got.archived[id]) == 0 {
			t.Errorf("after the next try message %s is not in the archive", id)
		}
	}
	if got.mode != want.mode && f.strike == nil {
		t.Errorf("after the next try the archive is %s, want %s", got.mode, want.mode)
	}
}
