package jsonfile

// announce calls f for a value that comes next and skips it if f did not read it.
func (d *Decoder) announce(f func() error) error {
	d.unread = true
	if err := f(); err != nil {
		return err
	}
	if !d.unread {
		return nil
	}
	return d.Skip()
}

// container reads what stands between open and shut, item by item.
func (d *Decoder) container(open, shut byte, item func() error) error {
	d.unread = false
	if err := d.expect(open); err != nil {
		return err
	}
	if d.depth++; d.depth > maxDepth {
		return d.fail(nil, "nested more than %d deep", maxDepth)
	}
	defer func() { d.depth--; d.unread = false }()

	b, err := d.nonSpace()
	if err != nil {
		return d.unexpectedEnd(err)
	}
	if b == shut {
		d.pos++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		b, err := d.nonSpace()
		switch {
		case err != nil:
			return d.unexpectedEnd(err)
		case b == shut:
			d.pos++
			return nil
		case b != ',':
			return d.fail(nil, "%q where ',' or %q should be", b, shut)
		}
		d.pos++
	}
}

// expect consumes the one byte that must come next.
func (d *Decoder) expect(want byte) error {
	b, err := d.nonSpace()
	if err != nil {
		return d.unexpectedEnd(err)
	}
	if b != want {
		return d.fail(nil, "%q where %q should be", b, want)
	}
	d.pos++
	return nil
}
