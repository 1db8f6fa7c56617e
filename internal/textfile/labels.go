package textfile

import "bytes"

// A labelSet is the labels of one sample as the line has them. It points into
// the line, and its buffers are used again for the next.
type labelSet struct {
	key      []byte // as written between the braces, without the special label
	special  []byte // value of the special label; nil if there is none
	shape    []byte // names, each followed by a comma
	reserved bool   // a name begins with __
}

// cut takes the labels, if any, from the start of rest and returns what follows
// them, or what is wrong. The special label must come last, so that the others
// read the same in all lines of a series.
func (l *labelSet) cut(rest []byte, special string) (after []byte, fault string) {
	l.key, l.special, l.shape, l.reserved = nil, nil, l.shape[:0], false
	if rest[0] != '{' {
		return rest, ""
	}
	inside := rest[1:]
	for at := 0; ; at++ { // past the comma
		name, value, fault := cutLabel(inside[at:])
		if fault == "" && l.special != nil {
			fault = special + " is not the last label"
		}
		if fault != "" {
			return nil, fault
		}
		end := at + len(name) + len(`=""`) + len(value)
		if string(name) == special {
			l.key, l.special = bytes.TrimSuffix(inside[:at], []byte(",")), value
		} else {
			l.key = inside[:end]
			l.addName(name)
		}
		if end < len(inside) && inside[end] == '}' {
			return inside[end+1:], ""
		}
		if end == len(inside) || inside[end] != ',' {
			return nil, "expected a comma or the closing brace after a label"
		}
		at = end
	}
}

func (l *labelSet) addName(name []byte) {
	l.shape = append(append(l.shape, name...), ',')
	l.reserved = l.reserved || bytes.HasPrefix(name, []byte("__"))
}

// cutLabel takes name="value" from the start of b.
func cutLabel(b []byte) (name, value []byte, fault string) {
	n := 0
	for n < len(b) && isLabelByte(b[n], n == 0) {
		n++
	}
	if n == 0 {
		return nil, nil, "expected a label name"
	}
	value, ok := bytes.CutPrefix(b[n:], []byte(`="`))
	if !ok {
		return nil, nil, "expected = and a quoted value after a label name"
	}
	end := closingQuote(value)
	if end < 0 {
		return nil, nil, "a label value has no closing quote"
	}
	return b[:n], value[:end], ""
}

func isLabelByte(c byte, first bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
		return true
	}
	return !first && c >= '0' && c <= '9'
}

// closingQuote is the index of the first quote that no backslash escapes, or -1.
func closingQuote(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
