package logscan

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// How much of a log tells it from others, in bytes: its beginning, and what
// stands before the place up to which it has been read.
const (
	headLength = 1 << 10
	tailLength = 256
)

// A mark is what a log holds before a place in it, as far as that tells it
// from other logs.
type mark struct {
	head, tail []byte
}

// add moves the place past text.
func (m *mark) add(text []byte) {
	m.head = append(m.head, text[:min(len(text), headLength-len(m.head))]...)
	m.tail = append(m.tail, text[max(0, len(text)-tailLength):]...)
	if over := len(m.tail) - tailLength; over > 0 {
		m.tail = m.tail[:copy(m.tail, m.tail[over:])]
	}
}

// A fingerprint is the hashes of a mark, which is all that is kept of it.
type fingerprint struct{ head, tail int64 }

func (m *mark) fingerprint() fingerprint { return fingerprint{hash(m.head), hash(m.tail)} }

func hash(text []byte) int64 {
	sum := sha256.Sum256(text)
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// readMark is the mark at offset, up to which the file has to reach.
func readMark(f io.ReaderAt, offset int64) (mark, error) {
	m := mark{
		head: make([]byte, min(offset, headLength), headLength),
		tail: make([]byte, min(offset, tailLength), 2*tailLength),
	}
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, offset), m.head); err != nil {
		return mark{}, fmt.Errorf("read beginning: %w", err)
	}
	at := offset - int64(len(m.tail))
	if _, err := io.ReadFull(io.NewSectionReader(f, at, offset-at), m.tail); err != nil {
		return mark{}, fmt.Errorf("read before offset %d: %w", offset, err)
	}
	return m, nil
}
