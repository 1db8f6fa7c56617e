package jsonfile

import (
	"unicode/utf16"
	"unicode/utf8"
)

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
