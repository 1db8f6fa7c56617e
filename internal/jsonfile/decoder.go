package jsonfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Sentinels that a caller may ask for with errors.Is. Every error that a
// Decoder makes is a Malformed; errors of the underlying reader come through
// as they are.
var (
	ErrMalformed     = errors.New("malformed JSON")
	ErrLoneSurrogate = errors.New("lone surrogate escape")
	ErrNotUTF8       = errors.New("not UTF-8")
)

const (
	bufferSize = 32 << 10
	// maxText is how much of one string a Value keeps; the rest is validated
	// and forgotten, so that no message body is ever held in memory.
	maxText = 4 << 10
	// maxDepth is where CPython's own decoder gives up.
	maxDepth = 1000
	// maxDigits is the longest integer that CPython converts (since 3.10.7).
	maxDigits = 4300
	// maxNames is how many names of members are kept from one to the next: the
	// objects of a document mostly have the same ones.
	maxNames = 64
)

// A Decoder reads one JSON document from a stream. Make one with NewDecoder or
// InMemory and use it again with Reset; it is not safe for concurrent use.
type Decoder struct {
	r    io.Reader
	buf  []byte
	held bool // buf is the document, and not to be written to
	pos  int  // next byte to look at
	end  int  // end of what is valid in buf
	rerr error

	discarded int64 // bytes that stood before buf[0]
	lines     int   // newlines in them
	depth     int
	unread    bool   // a member or element was announced and not read yet
	text      []byte // the string being kept
	names     map[string]string
}

// NewDecoder returns a Decoder that reads from r.
func NewDecoder(r io.Reader) *Decoder {
	d := &Decoder{text: make([]byte, 0, 256), names: map[string]string{}}
	d.Reset(r)
	return d
}

// InMemory returns a Decoder of a document that is held already. It keeps data and
// never changes it, and takes no buffer of its own.
func InMemory(data []byte) *Decoder {
	return &Decoder{buf: data, held: true, end: len(data), rerr: io.EOF, names: map[string]string{}}
}

// Reset makes d read a new document from r, keeping its buffers.
func (d *Decoder) Reset(r io.Reader) {
	if d.buf == nil || d.held {
		d.buf = make([]byte, bufferSize)
	}
	*d = Decoder{r: r, buf: d.buf, text: d.text[:0], names: d.names}
}

// End checks that nothing but white space follows the document.
func (d *Decoder) End() error {
	b, err := d.nonSpace()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return d.fail(nil, "%q after the end of the document", b)
}

// A SyntaxError says where a document stops being what Python would read.
type SyntaxError struct {
	Line   int   // of the offending byte, from 1
	Offset int64 // of the offending byte, from 0
	What   string
	cause  error // a sentinel, or nil
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d (byte %d): %s", e.Line, e.Offset, e.What)
}

// Is makes every SyntaxError an ErrMalformed.
func (e *SyntaxError) Is(target error) bool { return target == ErrMalformed }

func (e *SyntaxError) Unwrap() error { return e.cause }

// Offset is how many bytes of the document have been read. After Next it is
// where the value begins that comes next, and once that has been read, where it
// ended.
func (d *Decoder) Offset() int64 { return d.discarded + int64(d.pos) }

func (d *Decoder) fail(cause error, format string, args ...any) error {
	return &SyntaxError{
		Line:   1 + d.lines + bytes.Count(d.buf[:d.pos], []byte{'\n'}),
		Offset: d.Offset(),
		What:   fmt.Sprintf(format, args...),
		cause:  cause,
	}
}

// unexpectedEnd turns the end of the stream into a fault of the document.
func (d *Decoder) unexpectedEnd(err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	if d.discarded == 0 && d.end == 0 {
		return d.fail(io.ErrUnexpectedEOF, "the file is empty")
	}
	return d.fail(io.ErrUnexpectedEOF, "the document ends in the middle")
}

// fill makes at least one more byte available beyond what is there.
func (d *Decoder) fill() error {
	if d.rerr != nil {
		return d.rerr
	}
	d.lines += bytes.Count(d.buf[:d.pos], []byte{'\n'})
	d.discarded += int64(d.pos)
	d.end = copy(d.buf, d.buf[d.pos:d.end])
	d.pos = 0
	for range 100 {
		n, err := d.r.Read(d.buf[d.end:])
		d.end += n
		d.rerr = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// peek returns the next byte without consuming it.
func (d *Decoder) peek() (byte, error) {
	if d.pos == d.end {
		if err := d.fill(); err != nil {
			return 0, err
		}
	}
	return d.buf[d.pos], nil
}

// nonSpace skips white space and peeks at what follows; io.EOF if nothing does.
func (d *Decoder) nonSpace() (byte, error) {
	for {
		for d.pos < d.end {
			b := d.buf[d.pos]
			if b != ' ' && b != '\n' && b != '\t' && b != '\r' {
				return b, nil
			}
			d.pos++
		}
		if err := d.fill(); err != nil {
			return 0, err
		}
	}
}
