package jsonfile

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
