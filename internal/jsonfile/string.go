package jsonfile

import (
	"errors"
	"io"
	"unicode/utf8"
)

// str reads a string; with keep, its first maxText bytes end up in d.text.
func (d *Decoder) str(keep bool) error {
	d.text = d.text[:0]
	d.pos++ // the opening quote, which the caller has seen
	for {
		run := d.plain()
		if keep {
			d.keep(d.buf[d.pos : d.pos+run])
		}
		d.pos += run
		b, err := d.peek()
		switch {
		case err != nil:
			return d.unexpectedEnd(err)
		case b == '"':
			d.pos++
			d.trim()
			return nil
		case b == '\\':
			err = d.escape(keep)
		case b < ' ':
			err = d.fail(nil, "control character %q in a string", b)
		case b >= utf8.RuneSelf:
			err = d.multibyte(keep)
		}
		if err != nil {
			return err
		}
	}
}

// plain counts the buffered bytes that stand for themselves.
func (d *Decoder) plain() int {
	for i, b := range d.buf[d.pos:d.end] {
		if b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			return i
		}
	}
	return d.end - d.pos
}

func (d *Decoder) keep(b []byte) {
	if room := maxText - len(d.text); room > 0 {
		d.text = append(d.text, b[:min(len(b), room)]...)
	}
}

// keepRune may keep more than maxText, so that nothing is kept after it; see trim.
func (d *Decoder) keepRune(r rune) {
	if len(d.text) < maxText {
		d.text = utf8.AppendRune(d.text, r)
	}
}

// trim drops the last code point if it reaches beyond maxText.
func (d *Decoder) trim() {
	if len(d.text) > maxText {
		_, size := utf8.DecodeLastRune(d.text)
		d.text = d.text[:len(d.text)-size]
	}
}

// multibyte reads one code point beyond ASCII.
func (d *Decoder) multibyte(keep bool) error {
	for !utf8.FullRune(d.buf[d.pos:d.end]) {
		err := d.fill()
		if errors.Is(err, io.EOF) {
			break // DecodeRune finds the fault
		}
		if err != nil {
			return err
		}
	}
	r, size := utf8.DecodeRune(d.buf[d.pos:d.end])
	if r == utf8.RuneError && size <= 1 {
		return d.fail(ErrNotUTF8, "byte %#x is not UTF-8", d.buf[d.pos])
	}
	if keep {
		d.keepRune(r)
	}
	d.pos += size
	return nil
}
