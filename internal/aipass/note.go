package aipass

import (
	"encoding/binary"
	"io/fs"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A kind tells the files of a branch apart of which notes are taken.
type kind byte

const (
	noteOfLocal kind = iota + 1
	noteOfObservations
	noteOfIdentity
	noteOfDashboard
	noteOfReadme
	noteOfInbox
)

// A form is how the value of a kind is written down and read again.
type form[T any] struct {
	kind  kind
	write func([]byte, *T) []byte
	read  func(*noteReader, *T)
}

// An identity is what changes whenever a file is written to, replaced, or
// opened to or closed to others.
type identity struct{ dev, ino, size, modified, changed int64 }

func identityOf(info fs.FileInfo) (id identity, ok bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() {
		return identity{}, false
	}
	return identity{int64(st.Dev), int64(st.Ino), info.Size(), info.ModTime().UnixNano(), jsonfile.ChangeTime(st)}, true
}

// quietTime is how long ago a file must have been changed for a note to be taken
// of it: on any file system, a write after that leaves another time.
const quietTime = 3 * time.Second

func (id identity) quietSince(t time.Time) bool {
	return max(id.modified, id.changed) < t.UnixNano()
}

// Notes are what a look has read of one branch's files, one after another: the
// kind, the identity, the length of the value, the value.
type notes []byte

func (n notes) add(what kind, id identity, value []byte) notes {
	n = append(n, byte(what))
	for _, v := range [...]int64{id.dev, id.ino, id.size, id.modified, id.changed} {
		n = binary.AppendVarint(n, v)
	}
	n = binary.AppendUvarint(n, uint64(len(value)))
	return append(n, value...)
}

// find is the note of a kind.
func (n notes) find(what kind) (id identity, value []byte, ok bool) {
	r := noteReader{rest: n}
	for len(r.rest) > 0 {
		is := kind(r.byte())
		id = identity{r.int(), r.int(), r.int(), r.int(), r.int()}
		value = r.bytes()
		if r.broken {
			break
		}
		if is == what {
			return id, value, true
		}
	}
	return identity{}, nil, false
}

// A noteReader reads what append wrote. What is broken reads as zeros.
type noteReader struct {
	rest   []byte
	broken bool
}

func (r *noteReader) byte() byte {
	if len(r.rest) == 0 {
		r.broken = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *noteReader) int() int64 {
	v, n := binary.Varint(r.rest)
	return v * int64(r.skip(n))
}

func (r *noteReader) uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	return v * uint64(r.skip(n))
}

// skip is 1 if n bytes could be read, else 0.
func (r *noteReader) skip(n int) int {
	if n <= 0 {
		r.rest, r.broken = nil, true
		return 0
	}
	r.rest = r.rest[n:]
	return 1
}

// bytes reads a length, and as many bytes.
func (r *noteReader) bytes() []byte {
	n := r.uint()
	if n > uint64(len(r.rest)) {
		r.rest, r.broken = nil, true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}
