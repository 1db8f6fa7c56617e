package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Closed mail is one file each in deleted/. AIPass names it by second and
// subject and overwrites what has the same name; ours have the message's id in
// it and overwrite nothing.

const (
	subjectLength = 50  // code points, as AIPass cuts it
	nameLength    = 190 // bytes, for file systems end at 255 and there is more in a name
	idLength      = 36  // bytes: a whole UUID
)

// archiveName is where to put a message: where it is already, if an earlier
// run archived it and came no further, else a name that is free.
func (d *Doc) archiveName(m *Message) (string, error) {
	taken, err := d.archiveNames()
	if err != nil {
		return "", err
	}
	id := strings.ReplaceAll(fileName(m.ID, idLength), "_", "-") // for it to be all behind the last _
	for _, name := range taken[id] {
		if full := path.Join(aipass.ClosedMailDir, name); d.session.isArchiveOf(full, m.raw) {
			return full, nil
		}
	}
	o := d.session.o
	stem := o.Now().In(o.Location).Format("20060102_150405") + "_" + fileName(m.Subject, nameLength)
	name := stem + "_" + id + ".json"
	for n := 2; slices.Contains(taken[id], name); n++ {
		name = fmt.Sprintf("%s_%d_%s.json", stem, n, id)
	}
	taken[id] = append(taken[id], name)
	return path.Join(aipass.ClosedMailDir, name), nil
}

// archiveNames lists the archive, once, by what follows the last _: in names
// of ours that is the id.
func (d *Doc) archiveNames() (map[string][]string, error) {
	if d.archives != nil {
		return d.archives, nil
	}
	names, err := d.session.closedMail()
	if err != nil {
		return nil, err
	}
	d.archives = map[string][]string{}
	for _, name := range names {
		stem, _ := strings.CutSuffix(name, ".json")
		id := stem[strings.LastIndexByte(stem, '_')+1:]
		d.archives[id] = append(d.archives[id], name)
	}
	return d.archives, nil
}

// closedMail names what is in the archive, which need not be there yet.
func (s *session) closedMail() ([]string, error) {
	info, err := s.dir.lstat(aipass.ClosedMailDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%s (%s): %w", s.dir.path(aipass.ClosedMailDir), info.Mode(), errNotDirectory)
	}
	return list(s.dir, aipass.ClosedMailDir)
}

// fileName makes a part of a file name of any text, as AIPass does: letters,
// numbers, blank, - and _ stay.
func fileName(text string, length int) string {
	var name strings.Builder
	n := 0
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune(" -_", r) {
			r = '_'
		}
		if n++; n > subjectLength || name.Len()+len(string(r)) > length {
			break
		}
		name.WriteRune(r)
	}
	return strings.TrimSpace(name.String())
}

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
