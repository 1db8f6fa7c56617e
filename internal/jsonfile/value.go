package jsonfile

// A Kind is the type of a JSON value.
type Kind byte

// The kinds; NaN and Infinity are Numbers, as in Python.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// A Value is what is worth knowing of a value without holding it.
type Value struct {
	Kind Kind
	// Text is a string's text or a number's digits, cut after 4 KiB.
	Text string
	// Truthy is what Python's bool() says of the value.
	Truthy bool
}

// Object reads the object that comes next and calls member for each of its
// members, in order, duplicates included. The callback may read the member's
// value; what it leaves is skipped.
func (d *Decoder) Object(member func(name string) error) error {
	return d.container('{', '}', func() error {
		if b, err := d.nonSpace(); err != nil {
			return d.unexpectedEnd(err)
		} else if b != '"' {
			return d.fail(nil, "%q where a member's name should be", b)
		}
		if err := d.str(true); err != nil {
			return err
		}
		name := d.name()
		if err := d.expect(':'); err != nil {
			return err
		}
		return d.announce(func() error { return member(name) })
	})
}

// Array reads the array that comes next and calls element for each of its
// elements. The callback may read the element; what it leaves is skipped.
func (d *Decoder) Array(element func() error) error {
	return d.container('[', ']', func() error { return d.announce(element) })
}

// Next says of what kind the value is that comes next.
func (d *Decoder) Next() (Kind, error) {
	b, err := d.nonSpace()
	if err != nil {
		return Null, d.unexpectedEnd(err)
	}
	switch b {
	case '{':
		return Object, nil
	case '[':
		return Array, nil
	case '"':
		return String, nil
	case 't', 'f':
		return Bool, nil
	case 'n':
		return Null, nil
	case 0xEF: // of EF BB BF
		return Null, d.fail(nil, "a byte order mark, which Python refuses")
	}
	return Number, nil
}

// Value reads the value that comes next, whatever it is.
func (d *Decoder) Value() (Value, error) { return d.value(true) }

// Skip reads past the value that comes next.
func (d *Decoder) Skip() error {
	_, err := d.value(false)
	return err
}

func (d *Decoder) value(keep bool) (Value, error) {
	kind, err := d.Next()
	if err != nil {
		return Value{}, err
	}
	v := Value{Kind: kind}
	switch kind {
	case Object:
		err = d.Object(func(string) error { v.Truthy = true; return nil })
	case Array:
		err = d.Array(func() error { v.Truthy = true; return nil })
	case String:
		v.Truthy, err = d.stringValue(keep)
	case Number:
		v.Truthy, err = d.number()
	default:
		v.Truthy, err = d.keyword()
	}
	if keep && (kind == String || kind == Number) {
		v.Text = string(d.text)
	}
	return v, err
}

func (d *Decoder) stringValue(keep bool) (truthy bool, err error) {
	d.unread = false
	start := d.Offset()
	err = d.str(keep)
	return d.Offset()-start > int64(len(`""`)), err
}

// name is the text as the name of a member.
func (d *Decoder) name() string {
	if name, known := d.names[string(d.text)]; known {
		return name
	}
	name := string(d.text)
	if len(d.names) < maxNames {
		d.names[name] = name
	}
	return name
}
