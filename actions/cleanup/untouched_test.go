package cleanup

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func inode(info fs.FileInfo) uint64 { return info.Sys().(*syscall.Stat_t).Ino }

func TestMailboxesWithoutStaleMailAreNotEvenOpened(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW", "PRAX")
	h.put("DRONE", inbox(sent("a", "new", 48*hour), sent("b", "opened", 7*day)))
	h.put("PRAX", inbox(sent("c", "new", 49*hour)))
	before := tree(t, h.root)
	h.run()
	after := tree(t, h.root)
	for path := range after {
		if strings.HasPrefix(path, "/prax/.ai_mail.local") {
			delete(before, path)
			delete(after, path)
		}
	}
	if diff := cmp.Diff(before, after); diff != "" || len(after) < 6 {
		t.Errorf("-before +after:\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(h.box("PRAX"), aipass.InboxLock)); err != nil {
		t.Errorf("the lock file would not have shown: %v", err)
	}
}

// A look finds stale mail, and yet there is nothing to do.
func TestAnInboxInWhichNothingChangesIsNotWritten(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"agents' mail":      inbox(sent("a", "new", 3*day, mail{"auto_execute": true})),
		"doubles":           inbox(sent("a", "new", 3*day), sent("a", "new", 3*day)),
		"just opened":       inbox(sent("a", "opened", 8*day, mail{"auto_opened": true, "auto_opened_at": "2026-02-19T11:00:00"})),
		"wrong counters":    `{"messages": [{"timestamp": "2026-01-01 00:00:00", "auto_execute": 1}], "unread_count": 7}`,
		"half of a pair":    `{"messages": [{"id": "\ud83d"}]}`,
		"in an old message": `{"messages": [{"id": "\ud83d", "timestamp": "2026-01-01 00:00:00", "auto_execute": 1}]}`,
	} {
		h := newHost(t, "DRONE")
		h.put("DRONE", text)
		before := tree(t, h.root)
		_, result := h.clean()
		path, _ := filepath.Rel(h.root, h.file("DRONE"))
		if diff := cmp.Diff(before["/"+path], tree(t, h.root)["/"+path]); diff != "" || result.Mail != nil {
			t.Errorf("%s: %+v, -before +after:\n%s", name, result.Mail, diff)
		}
		if runs, err := h.journal.List(); err != nil || len(runs) > 0 {
			t.Errorf("%s: the journal has %v, %v", name, runs, err)
		}
	}
}

func TestAnInboxWithHalfACharacterIsCleanedUpAndSafeForPython(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	h.put("DRONE", `{"messages": [{"id": "a", "timestamp": "2026-01-01 00:00:00", "subject": "half \ud83d a pair"}, {"id": "b\udc00"}]}`)
	_, result := h.clean()
	if diff := cmp.Diff([]string{"a"}, items(result.Opened)); diff != "" {
		t.Errorf("opened: -want +got:\n%s", diff)
	}
	pythonRewrites(t, h.file("DRONE")) // which would cut the file off where it fails
	if diff := cmp.Diff([]string{result.Notice, "a", "b\ufffd"}, h.ids("DRONE")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Dashboards, memory and whatever else a branch has are its own and AIPass's,
// and so are mailboxes that no registry knows.
func TestNothingIsWrittenButTheMailboxesOfTheRegistry(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "opened", 8*day))
	for _, file := range []string{
		"drone/DASHBOARD.local.json", "drone/README.md", "drone/.trinity/local.json", "drone/logs/ops.log",
		"stranger/.ai_mail.local/inbox.json", "drone/templates/.ai_mail.local/inbox.json",
	} {
		write(t, filepath.Join(h.root, file), inbox(sent("c", "new", 9*day)))
	}
	elsewhere := func() map[string]string {
		found := tree(t, h.root)
		maps.DeleteFunc(found, func(file, _ string) bool { return strings.HasPrefix(file, "/drone/.ai_mail.local") })
		return found
	}
	before := elsewhere()
	id, _ := h.clean()
	h.putBack(id, "")
	if diff := cmp.Diff(before, elsewhere()); diff != "" || len(before) < 12 {
		t.Errorf("-before +after:\n%s", diff)
	}
}
