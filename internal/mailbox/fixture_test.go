package mailbox

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// now is when every test takes place, unless it says otherwise.
var now = time.Date(2026, time.February, 19, 8, 0, 3, 0, time.UTC)

// put makes a mailbox whose inbox holds content, written long ago.
func put(t *testing.T, content string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "drone", "ai_mail.local")
	must(t, os.MkdirAll(dir, 0o755))
	inbox := filepath.Join(dir, aipass.InboxFile)
	must(t, os.WriteFile(inbox, []byte(content), 0o644))
	must(t, os.Chtimes(inbox, now, now))
	return dir
}

// at is the mailbox in dir, of the modern generation unless o says otherwise.
func at(dir string, o Options) Mailbox {
	if o.Layout == aipass.Legacy {
		o.Layout = aipass.Modern
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	return At(dir, o)
}

// legacyAt is the same of the legacy generation, where writes are looked at
// again.
func legacyAt(dir string, o Options) Mailbox {
	m := at(dir, o)
	m.o.Layout = aipass.Legacy
	return m
}

func letter(subject string) *Letter {
	return &Letter{From: "@trigger", FromName: "Trigger", Subject: subject, Message: "All good.", Sent: now}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func inbox(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, aipass.InboxFile))
	must(t, err)
	return string(data)
}

// two is an inbox with a message that has not been read and one that has.
const two = `{
  "mailbox": "inbox",
  "total_messages": 2,
  "unread_count": 1,
  "messages": [
    {
      "id": "3fa9c01e",
      "timestamp": "2026-02-19 08:00:03",
      "from": "@trigger",
      "subject": "[DAILY] caf\u00e9 é",
      "n": 1.50e+3,
      "status": "new"
    },
    {
      "id": "b70d1c22",
      "timestamp": "2026-02-18 21:14:40",
      "subject": "RE: path lookup",
      "status": "opened"
    }
  ]
}`
