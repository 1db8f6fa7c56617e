package mailbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Five messages, some as only other programs write them.
const fiveLetters = `{
  "mailbox": "inbox",
  "total_messages": 5,
  "unread_count": 3,
  "kept": {"n": 1.50e+3},
  "messages": [
    {
      "id": "00000001",
      "timestamp": "2026-02-19 07:00:00",
      "from": "@trigger",
      "subject": "[DAILY] caf\u00e9 é",
      "status": "new"
    },
    {"id": "00000002", "timestamp": "2026-02-18 21:14:40", "subject": "RE: path lookup", "n": 1.50e+3, "status": "opened"},
    {"id": "00000003", "timestamp": "2026-02-18T20:00:00.000001", "subject": "RE: path lookup", "body": "\ud83d\ude00"},
    {
      "id": "00000004", "subject": "a/b: \"c\"",
      "status": "new"
    },
    {"id": "00000005", "status": "opened", "read": true}
  ]
}`

// The last of them, and the inbox without it.
const oldestLetter = `{"id": "00000005", "status": "opened", "read": true}`

var fourLetters = strings.NewReplacer(",\n    "+oldestLetter, "", `"total_messages": 5`, `"total_messages": 4`).Replace(fiveLetters)

// A write is one of the things that are done to a mailbox.
type write struct {
	name     string
	inbox    string
	first    bool // nobody has locked the mailbox before
	prepare  func(t *testing.T, disk *platter)
	edit     func() func(*Doc) error
	archived []string // messages that leave the inbox so
	gone     string   // the message that leaves it without a trace
}

var writes = []write{
	{name: "deliver", inbox: fiveLetters, first: true, edit: func() func(*Doc) error { return deliver(knownLetter("0d15ea5e")) }},
	{name: "open", inbox: fiveLetters, edit: func() func(*Doc) error { return openNew("00000001") }},
	{name: "archive", inbox: fiveLetters, first: true, edit: archiveTwo, archived: []string{"00000002", "00000003"}},
	{name: "archive into what there is", inbox: fiveLetters, prepare: haveArchive, edit: archiveTwo, archived: []string{"00000002", "00000003"}},
	{name: "archive once more", inbox: fiveLetters, prepare: comeNoFurther, edit: archiveTwo, archived: []string{"00000002", "00000003"}},
	{name: "remove", inbox: fiveLetters, edit: func() func(*Doc) error { return removeOne("00000004") }, gone: "00000004"},
	{name: "restore", inbox: fourLetters, edit: func() func(*Doc) error { return restoreOldest }},
	{name: "all at once", inbox: fourLetters, edit: allAtOnce, archived: []string{"00000002", "00000003"}, gone: "00000004"},
}

// The edits go by what they find, as all must.

func deliver(l *Letter) func(*Doc) error { return func(d *Doc) error { return d.Deliver(l) } }

// knownLetter has an id beforehand, so that all runs come to the same bytes.
func knownLetter(id string) *Letter {
	l := letter("[DAILY] System Report")
	l.id = id
	return l
}

func openNew(id string) func(*Doc) error {
	return func(d *Doc) error {
		if m := find(d, id); m != nil && m.Status == aipass.NewMail {
			return d.Open(m, Field{AutoOpenedMember, "true"})
		}
		return nil
	}
}

func removeOne(id string) func(*Doc) error {
	return func(d *Doc) error {
		if m := find(d, id); m != nil {
			d.Remove(m)
		}
		return nil
	}
}

func archiveTwo() func(*Doc) error { return archiving("00000002", "00000003") }

func archiving(ids ...string) func(*Doc) error {
	return func(d *Doc) error {
		for _, id := range ids {
			if m := find(d, id); m != nil {
				if err := d.Archive(m); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func restoreOldest(d *Doc) error {
	if find(d, "00000005") != nil {
		return nil
	}
	return d.Restore([]byte(oldestLetter), 0)
}

func allAtOnce() func(*Doc) error {
	edits := []func(*Doc) error{
		deliver(knownLetter("0d15ea5e")), openNew("00000001"), archiveTwo(), removeOne("00000004"), restoreOldest,
	}
	return func(d *Doc) error {
		for _, edit := range edits {
			if err := edit(d); err != nil {
				return err
			}
		}
		return nil
	}
}

func find(d *Doc, id string) *Message {
	for _, m := range d.Messages() {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// haveArchive lays what AIPass has archived.
func haveArchive(t *testing.T, disk *platter) {
	t.Helper()
	dir := filepath.Join(disk.dir, aipass.ClosedMailDir)
	must(t, os.Mkdir(dir, 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "20260218_080003_RE_ path lookup.json"),
		[]byte(`{"id": "0000000a", "status": "closed", "archived_at": "2026-02-18T08:00:03"}`), 0o644))
}

// comeNoFurther lays what a program leaves that was killed when its messages
// were archived, but not for certain on the disk, and still in the inbox.
func comeNoFurther(t *testing.T, disk *platter) {
	t.Helper()
	s := newSystem(disk)
	s.before = func(st step) {
		if st.op == "sync" && st.name == aipass.ClosedMailDir {
			s.die()
		}
	}
	if err := s.update(t, archiveTwo()); !errors.Is(err, errDied) {
		t.Fatalf("got %v, want it killed", err)
	}
}
