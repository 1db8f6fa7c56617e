package mailbox

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A box is an inbox as a Python program sees it.
type box struct {
	Total    int    `json:"total_messages"`
	Unread   int    `json:"unread_count"`
	Messages []mail `json:"messages"`
}

type mail struct {
	ID, Subject, Status string
	Read                bool
	ArchivedAt          string `json:"archived_at"`
}

// check says what is wrong with a box whose letters have subjects of their own.
func (b box) check() error {
	unread := 0
	seen := map[string]bool{}
	for _, m := range b.Messages {
		if seen[m.Subject] {
			return fmt.Errorf("%q is in the inbox twice", m.Subject)
		}
		seen[m.Subject] = true
		if m.Status == "new" {
			unread++
		}
	}
	if b.Unread != unread || b.Total != len(b.Messages) {
		return fmt.Errorf("the inbox says %d unread of %d, want %d of %d", b.Unread, b.Total, unread, len(b.Messages))
	}
	return nil
}

func boxIn(t *testing.T, dir string) (b box) {
	t.Helper()
	must(t, json.Unmarshal([]byte(inbox(t, dir)), &b))
	return b
}

// closedIn is a mailbox's closed mail.
func closedIn(t *testing.T, dir string) (list []mail) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, aipass.ClosedMailDir, "*.json"))
	must(t, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		must(t, err)
		var m mail
		must(t, json.Unmarshal(data, &m))
		list = append(list, m)
	}
	return list
}

// overwrite does to a mailbox's inbox what AIPass does: it opens the file that
// has the name now, empties it and writes.
func overwrite(t *testing.T, dir, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, aipass.InboxFile), []byte(content), 0o644); err != nil {
		t.Error(err)
	}
}

// wantMail checks an inbox's mail, newest first, each such as "Subject, opened".
func wantMail(t *testing.T, dir string, want ...string) {
	t.Helper()
	b := boxIn(t, dir)
	if err := b.check(); err != nil {
		t.Error(err)
	}
	var got []string
	for _, m := range b.Messages {
		got = append(got, m.Subject+", "+m.Status)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("inbox (-want +got):\n%s", diff)
	}
}

// wantClosed checks the subjects of the closed mail.
func wantClosed(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	for _, m := range closedIn(t, dir) {
		got = append(got, m.Subject)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("closed mail (-want +got):\n%s", diff)
	}
}

// newestOf is the newest message of an inbox.
func newestOf(t *testing.T, content string) []byte {
	t.Helper()
	doc, err := parse([]byte(content))
	must(t, err)
	return doc.messages[0]
}
