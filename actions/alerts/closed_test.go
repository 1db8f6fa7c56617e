package alerts

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// What becomes of alerts whose mail the branch has closed.

func TestWhatTheBranchClosedWhileItFiresComesBackOnceADay(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).open()
	h.closeMail()
	h.after(23*hour).says("duplicate", fires("a", 0))
	h.has("closed: a firing")
	h.after(hour).says("delivered", fires("a", 0))
	h.has("new: a firing, seen 2", "closed: a firing")
	h.closeMail()
	h.after(23*hour).says("duplicate", fires("a", 0))
	h.after(hour).says("delivered", fires("a", 0))
	h.has("new: a firing, seen 3", "closed: a firing", "closed: a firing, seen 2")
}

func TestClosedMailMayKnowOfALaterEpisodeThanTheInbox(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(10*minute).says("resolved", ends("a", 0, 9*minute))
	h.after(minute).says("delivered", fires("a", 11*minute))
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
		if m.Status == aipass.OpenedMail {
			return nil
		}
		return d.Archive(m)
	})
	h.after(hour).says("duplicate", fires("a", 11*minute))
	h.has("opened: a resolved", "closed: a firing, episode 2")
}

// What a cleanup closed so long ago that it was forgotten comes back by undo.
func TestMailThatIsPutBackIsOlderThanWhatWasToldSince(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(minute).says("resolved", ends("a", 0, minute))
	var old []byte
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
		old = m.Raw()
		return d.Archive(m)
	})
	const later = 10 * 24 * hour
	h.after(later).says("delivered", fires("a", later))
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error { return errors.Join(d.Archive(m), d.Restore(old, 0)) })
	h.after(hour).says("duplicate", fires("a", later))
}

// While it is there the alert is in that mail, and in no other.
func TestMailThatIsPutBackWhileItFiresNeedsNoReminder(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", -hour))
	h.open()
	var old []byte
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
		old = m.Raw()
		return d.Archive(m)
	})
	h.after(24*hour).says("delivered", fires("a", -minute))
	h.says("duplicate", fires("a", -minute))
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error { return errors.Join(d.Archive(m), d.Restore(old, 0)) })
	h.after(24*hour).says("updated", fires("a", -minute))
}

func TestAReminderMayTakeLongerThanClosedMailIsLookedThrough(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.desk.Remind = 10 * 24 * hour
	h.says("delivered", fires("a", 0))
	h.closeMail()
	h.after(9*24*hour).says("duplicate", fires("a", 0))
	h.after(24*hour).says("delivered", fires("a", 0))
	h.has("new: a firing, seen 2", "closed: a firing")
}

func TestAReminderThatSaysItBeganEarlierChangesNoBeginning(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.closeMail()
	h.after(24*hour).says("delivered", fires("a", -hour))
	h.says("duplicate", ends("a", -hour, -minute))
	h.has("new: a firing, seen 2", "closed: a firing")
}

func TestWhatFiresAnewIsToldThoughTheBranchHasJustClosedIt(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).closeMail()
	h.after(minute).says("duplicate", ends("a", 0, 2*minute))
	h.after(2*minute).says("delivered", fires("a", 3*minute))
	h.has("new: a firing, episode 2", "closed: a firing")
}

// It ended and began again before the branch closed it, which nobody knew.
func TestWhatBeganAnewBeforeTheBranchClosedItIsTold(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(5 * minute).closeMail()
	h.says("delivered", fires("a", 3*minute))
	h.has("new: a firing, episode 2", "closed: a firing")
}

// An agent that edits its inbox by hand may leave what it closes there.
func TestMailThatSaysItIsClosedIsNotUnread(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"closed", "pending"} {
		h := newHost(t)
		h.says("delivered", fires("a", 0))
		h.edit(setStatus(status))
		h.after(minute).says("duplicate delivered", fires("a", 0), fires("b", 0))
		h.has("new: b firing", status+": a firing")
	}
}

// Who puts a file there by hand may leave it as it was in the inbox.
func TestClosedMailIsNotUnreadWhateverItSays(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(minute).says("resolved", ends("a", 0, minute))
	names, err := filepath.Glob(filepath.Join(h.box("drone"), aipass.ClosedMailDir, "*.json"))
	must(t, err)
	data, err := os.ReadFile(names[0])
	must(t, err)
	must(t, os.WriteFile(names[0], bytes.Replace(data, []byte(`"status": "closed"`), []byte(`"status": "new"`), 1), 0o644))
	h.after(minute).says("delivered", fires("a", 2*minute))
	h.has("new: a firing, episode 2", "new: a resolved")
}

// Legacy mailboxes keep such mail for ever.
func TestWhatIsClosedByHandInTheInboxComesBackOnceADay(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.edit(setStatus("closed"))
	for at := 4 * hour; at < 24*hour; at += 4 * hour {
		h.after(4*hour).says("duplicate", fires("a", 0))
	}
	h.after(4*hour).says("delivered", fires("a", 0))
	h.says("duplicate", fires("a", 0))
	h.has("new: a firing, seen 2", "closed: a firing")
	h.edit(setStatus("closed"))
	h.after(23*hour).says("duplicate", fires("a", 0))
	h.after(hour).says("delivered", fires("a", 0))
	h.has("new: a firing, seen 3", "closed: a firing, seen 2", "closed: a firing")
	h.says("duplicate", fires("a", 0))
}

func TestWhatIsClosedByHandWasSeenWhenItsLastAlertWas(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.after(5*hour).says("updated", fires("b", 5*hour))
	h.edit(setStatus("closed"))
	h.after(23*hour).says("duplicate", fires("a", 0))
	h.after(hour).says("delivered", fires("a", 0))
}

func TestWhatWasClosedLastCountsHoweverItWasClosed(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.edit(setStatus("closed"))
	h.after(24*hour).says("delivered", fires("a", 0))
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
		if m.Status == aipass.ClosedMail {
			return nil
		}
		return d.Archive(m)
	})
	h.after(23*hour).says("duplicate", fires("a", 0))
}
