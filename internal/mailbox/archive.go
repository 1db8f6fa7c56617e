package mailbox

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// isArchiveOf says whether a file is just this message, closed.
func (s *session) isArchiveOf(name string, raw []byte) bool {
	data, err := s.readFile(name)
	if err != nil {
		return false
	}
	members, err := newReader(data).members()
	if err != nil {
		return false
	}
	at := lastIndex(members, archivedAtMember)
	if at < 0 {
		return false
	}
	want, err := closed(raw, string(members[at].value))
	return err == nil && bytes.Equal(data, want)
}

func (s *session) readFile(name string) ([]byte, error) {
	info, err := s.dir.lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(s.dir, name, info)
	}
	f, err := s.dir.open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxInbox))
}

const archivedAtMember = "archived_at"

// closed is a message as AIPass archives it: a document of its own.
func closed(raw []byte, archivedAt string) ([]byte, error) {
	raw, err := withFields(raw, Field{"status", `"closed"`}, Field{"read", "true"}, Field{archivedAtMember, archivedAt})
	// No newline is part of a string, so this is indentation.
	return bytes.ReplaceAll(raw, []byte("\n    "), []byte("\n")), err
}

// archive writes the files of what is about to leave the inbox.
func (s *session) archive(doc *Doc) error {
	if !slices.ContainsFunc(doc.changes, func(c Change) bool { return c.Kind == Archived }) {
		return nil
	}
	if err := s.makeArchive(doc.own); err != nil {
		return err
	}
	for _, c := range doc.changes {
		if c.Kind != Archived || s.isArchiveOf(c.Archive, c.Message.raw) {
			continue
		}
		if err := s.archiveOne(doc, c); err != nil {
			return err
		}
	}
	// Also for what an earlier run has made that came no further.
	if err := syncDir(s.dir, aipass.ClosedMailDir); err != nil {
		return err
	}
	return syncDir(s.dir, ".")
}

// makeArchive makes the directory complete before it has its name: AIPass could
// not close mail in one that is not its own.
func (s *session) makeArchive(own ownership) error {
	_, err := s.dir.lstat(aipass.ClosedMailDir)
	if err == nil {
		removeLeftovers(s.dir, aipass.ClosedMailDir)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp := tempName()
	if err := s.dir.mkdir(temp, 0o700); err != nil {
		return err
	}
	err = s.giveDirectory(temp, own.directory())
	if err == nil {
		err = s.dir.rename(temp, aipass.ClosedMailDir)
	}
	if err != nil {
		_ = s.dir.remove(temp) // the first error is the one to report
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // AIPass was faster
	}
	return err
}

func (s *session) giveDirectory(name string, own ownership) error {
	d, err := s.dir.open(name, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	return own.give(d, s.dir.path(name))
}

func (s *session) archiveOne(doc *Doc, c Change) error {
	data, err := closed(c.Message.raw, `"`+Stamp(s.o.Now().In(s.o.Location))+`"`)
	if err != nil {
		return err
	}
	f, temp, err := writeTemp(s.dir, aipass.ClosedMailDir, data, doc.own)
	if err != nil {
		return err
	}
	f.Close()
	// A link, unlike a rename, overwrites nothing.
	if err := s.dir.link(temp, c.Archive); err != nil {
		_ = s.dir.remove(temp) // the first error is the one to report
		return err
	}
	if key := c.Message.Key(); doc.keys[key] == 1 { // of twins nobody could say which one is back
		s.archived[c.Archive] = key
	}
	_ = s.dir.remove(temp) // what cannot be removed now is a leftover
	return nil
}

// tidy removes the archive files of messages that this session archived and
// that are in the inbox after all, because somebody changed them meanwhile.
func (s *session) tidy(doc *Doc) {
	for name, key := range s.archived {
		stays := doc.Find(key) != nil
		again := slices.ContainsFunc(doc.changes, func(c Change) bool {
			return c.Message.Key() == key && c.Archive != name
		})
		used := slices.ContainsFunc(doc.changes, func(c Change) bool { return c.Archive == name })
		if used || !stays && !again {
			continue
		}
		_ = s.dir.remove(name) // one archive too many is no loss
		delete(s.archived, name)
		s.changes = slices.DeleteFunc(s.changes, func(c Change) bool { return c.Archive == name })
	}
}
