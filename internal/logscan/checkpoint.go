package logscan

import (
	"io"
	"time"
)

// A checkpoint is how far a log has been read. The log is the file, whatever it
// is called by now.
type checkpoint struct {
	name    string // in its directory, when it was last seen
	dev     int64
	ino     int64
	size    int64 // when it was last seen
	offset  int64 // up to which it has been counted
	changed int64 // inode change time in nanoseconds; 0 if it proves nothing
	print   fingerprint
	inside  bool  // offset is in a line that has been counted
	cut     bool  // there was no time to read up to size
	gone    int64 // Unix seconds since when it has not been seen; 0 if it is there
}

// same says that there is nothing new in a file, which nobody has to open then.
func (c checkpoint) same(e entry) bool {
	return c.changed != 0 && c.changed == e.changed && c.size == e.size && c.dev == e.dev && c.ino == e.ino &&
		c.name == e.name && !c.cut && c.gone == 0
}

// within says whether the file holds what was read up to the checkpoint, and
// has the mark if so.
func (c checkpoint) within(f io.ReaderAt, size int64) (m mark, ok bool) {
	if size < c.offset {
		return mark{}, false
	}
	m, err := readMark(f, c.offset)
	return m, err == nil && m.fingerprint() == c.print
}

// unread is how many bytes nobody will read if the log is gone.
func (c checkpoint) unread() int64 { return max(0, c.size-c.offset) }

// settling is how long a change time may be that of two changes: file systems
// count it in ticks, of two seconds at the worst.
const settling = 2 * time.Second

// changeTime is what can be relied on of it: later changes come with later ones.
func changeTime(changed int64, taken time.Time) int64 {
	if changed < taken.Add(-settling).UnixNano() {
		return changed
	}
	return 0
}
