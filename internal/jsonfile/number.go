package jsonfile

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// number reads a number in Python's spelling into d.text and says whether it
// is other than zero (NaN is).
func (d *Decoder) number() (truthy bool, err error) {
	d.unread = false
	d.text = d.text[:0]
	if err := d.optional('-'); err != nil {
		return false, err
	}
	start := d.Offset()
	b, err := d.peek()
	switch {
	case err != nil:
		return false, d.unexpectedEnd(err)
	case b == 'N' && len(d.text) == 0:
		return true, d.named("NaN")
	case b == 'I':
		return true, d.named("Infinity")
	case b == '0':
		err = d.optional('0')
	default:
		err = d.digits()
	}
	if err != nil {
		return false, err
	}
	whole := d.Offset()
	if err := d.fraction(); err != nil {
		return false, err
	}
	if err := d.exponent(); err != nil {
		return false, err
	}
	if d.Offset() == whole && whole-start > maxDigits {
		return false, d.fail(nil, "an integer of more than %d digits, which Python refuses", maxDigits)
	}
	// 1e-400 is zero, as in Python; what is out of range or was cut is not.
	f, err := strconv.ParseFloat(string(d.text), 64)
	return f != 0 || err != nil, nil
}

func (d *Decoder) named(name string) error {
	d.keep([]byte(name))
	return d.literal(name)
}

func (d *Decoder) fraction() error {
	if ok, err := d.accept("."); err != nil || !ok {
		return err
	}
	return d.digits()
}

func (d *Decoder) exponent() error {
	if ok, err := d.accept("eE"); err != nil || !ok {
		return err
	}
	if _, err := d.accept("+-"); err != nil {
		return err
	}
	return d.digits()
}

// digits reads one digit or more.
func (d *Decoder) digits() error {
	for n := 0; ; n++ {
		ok, err := d.accept("0123456789")
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		if n > 0 {
			return nil
		}
		b, err := d.peek()
		if err != nil {
			return d.unexpectedEnd(err)
		}
		return d.fail(nil, "%q where a value should be", b)
	}
}

func (d *Decoder) optional(b byte) error {
	_, err := d.accept(string(b))
	return err
}

// accept consumes the next byte if it is one of set. The end of the stream is
// no error here: a number may be the last thing in a document.
func (d *Decoder) accept(set string) (bool, error) {
	b, err := d.peek()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil || strings.IndexByte(set, b) < 0 {
		return false, err
	}
	d.keep([]byte{b})
	d.pos++
	return true, nil
}
