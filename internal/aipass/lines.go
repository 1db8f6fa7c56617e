package aipass

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// A lineCounter counts the lines of what is read through it as AIPass does,
// with Python's readlines: \n, \r\n and a lone \r each end a line, and a last
// line without an end counts.
type lineCounter struct {
	r       io.Reader
	ends    int
	last    byte   // the last byte seen, if any was
	any     bool   // whether any was
	partial []byte // the beginning of a code point at the end of a block
	invalid bool
}

// lines counts what has been read so far; ok is false if it is not UTF-8,
// which makes AIPass say 0.
func (c *lineCounter) lines() (n int, ok bool) {
	n = c.ends
	if c.any && c.last != '\n' && c.last != '\r' {
		n++
	}
	return n, !c.invalid && len(c.partial) == 0
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.count(p[:n])
	return n, err
}

// drain counts what is left to read.
func (c *lineCounter) drain() error {
	_, err := io.Copy(io.Discard, struct{ io.Reader }{c})
	return err
}

func (c *lineCounter) count(b []byte) {
	if len(b) == 0 {
		return
	}
	c.ends += bytes.Count(b, []byte{'\n'}) + bytes.Count(b, []byte{'\r'}) - bytes.Count(b, []byte("\r\n"))
	if c.last == '\r' && b[0] == '\n' {
		c.ends-- // one line end, cut in two by the end of a block
	}
	c.last, c.any = b[len(b)-1], true
	c.validate(b)
}

func (c *lineCounter) validate(b []byte) {
	if len(c.partial) > 0 {
		b = append(c.partial, b...)
		c.partial = nil
	}
	whole := len(b)
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				whole = i
			}
			break
		}
	}
	c.partial = append(c.partial, b[whole:]...)
	c.invalid = c.invalid || !utf8.Valid(b[:whole])
}
