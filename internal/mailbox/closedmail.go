package mailbox

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// maxClosed bounds how many files of closed mail one question opens, and
// maxClosedSize how many bytes of them it keeps, but for the last.
const (
	maxClosed     = 200
	maxClosedSize = 32 << 20
)

// twice is the hour that there is twice in the night when clocks are set back.
// What was closed later than that from now is as if it were not there: the clock
// was wrong, or the name is made up.
const twice = time.Hour

// A Closed is a message in the archive.
type Closed struct {
	*Message
	At time.Time // when it was closed, by its file's name
}

// Closed lists what has been closed since a time under a subject that begins
// like this, newest first, as far as AIPass's purge has left it. Which files to
// open is told by their names, which AIPass and this program make of time and
// subject.
func (d *Doc) Closed(subject string, since time.Time) []Closed {
	var found []Closed
	names := map[string]string{} // name → directory
	for _, dir := range [...]string{aipass.PurgedMailDir, aipass.ClosedMailDir} {
		list, err := list(d.session.dir, dir)
		if err != nil {
			continue // there is none
		}
		for _, name := range list {
			names[name] = dir
		}
	}
	size := 0
	for _, name := range d.session.namesLike(names, fileName(subject, nameLength), since) {
		if m := d.session.closedMessage(path.Join(names[name], name)); m != nil {
			at, _ := d.session.closedAt(name)
			found = append(found, Closed{m, at})
			size += len(m.raw)
		}
		if size > maxClosedSize {
			break
		}
	}
	return found
}

// namesLike are those of files about a subject since a time, newest first.
func (s *session) namesLike(names map[string]string, subject string, since time.Time) []string {
	var like []string
	until := s.o.Now().Add(twice)
	for name := range names {
		at, ok := s.closedAt(name)
		if ok && !at.Before(since) && !at.After(until) && strings.HasPrefix(name[len(archiveTime)+len("_"):], subject) {
			like = append(like, name)
		}
	}
	slices.Sort(like)
	slices.Reverse(like)
	return like[:min(len(like), maxClosed)]
}

// closedAt reads the time from the name of an archive file.
func (s *session) closedAt(name string) (at time.Time, ok bool) {
	if len(name) <= len(archiveTime) || name[len(archiveTime)] != '_' {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation(archiveTime, name[:len(archiveTime)], s.o.Location)
	return at, err == nil
}
