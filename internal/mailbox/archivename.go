package mailbox

import (
	"errors"
	"fmt"
	"io/fs"
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
	archiveTime   = "20060102_150405"
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
	stem := o.Now().In(o.Location).Format(archiveTime) + "_" + fileName(m.Subject, nameLength)
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
