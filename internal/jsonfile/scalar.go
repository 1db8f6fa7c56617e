package jsonfile

import (
	"errors"
	"io"
	"unicode/utf16"
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

// escape reads what a backslash introduces.
func (d *Decoder) escape(keep bool) error {
	d.pos++
	b, err := d.peek()
	if err != nil {
		return d.unexpectedEnd(err)
	}
	r := rune(b)
	switch b {
	case '"', '\\', '/':
	case 'b':
		r = '\b'
	case 'f':
		r = '\f'
	case 'n':
		r = '\n'
	case 'r':
		r = '\r'
	case 't':
		r = '\t'
	case 'u':
		return d.unicodeEscape(keep)
	default:
		return d.fail(nil, "%q after a backslash", b)
	}
	d.pos++
	if keep {
		d.keepRune(r)
	}
	return nil
}

// unicodeEscape reads \uXXXX, or two of them that make one code point.
func (d *Decoder) unicodeEscape(keep bool) error {
	r, err := d.hex4()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(r) {
		low, err := d.lowSurrogate()
		if err != nil {
			return err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return d.fail(ErrLoneSurrogate, "half a surrogate pair: the next Python program to write it would destroy the file")
		}
	}
	if keep {
		d.keepRune(r)
	}
	return nil
}

// lowSurrogate reads the escape that must follow a high surrogate; 0 if there is none.
func (d *Decoder) lowSurrogate() (rune, error) {
	if b, err := d.peek(); err != nil {
		return 0, d.unexpectedEnd(err)
	} else if b != '\\' {
		return 0, nil
	}
	d.pos++
	if b, err := d.peek(); err != nil {
		return 0, d.unexpectedEnd(err)
	} else if b != 'u' {
		return 0, nil
	}
	return d.hex4()
}

// hex4 reads the u and the four digits after it.
func (d *Decoder) hex4() (rune, error) {
	d.pos++
	var r rune
	for range 4 {
		b, err := d.peek()
		if err != nil {
			return 0, d.unexpectedEnd(err)
		}
		switch {
		case '0' <= b && b <= '9':
			r = r<<4 | rune(b-'0')
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			r = r<<4 | rune(b|0x20-'a'+10)
		default:
			return 0, d.fail(nil, "%q where a hexadecimal digit should be", b)
		}
		d.pos++
	}
	return r, nil
}

// keyword reads true, false or null.
func (d *Decoder) keyword() (truthy bool, err error) {
	d.unread = false
	b, err := d.peek()
	if err != nil {
		return false, d.unexpectedEnd(err)
	}
	switch b {
	case 't':
		return true, d.literal("true")
	case 'f':
		return false, d.literal("false")
	}
	return false, d.literal("null")
}

func (d *Decoder) literal(want string) error {
	for i := range len(want) {
		b, err := d.peek()
		if err != nil {
			return d.unexpectedEnd(err)
		}
		if b != want[i] {
			return d.fail(nil, "%q where %s should be", b, want)
		}
		d.pos++
	}
	return nil
}
