package logscan

import (
	"bytes"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// levelOfObject reads the level of a line of JSON, in upper or lower case. The
// line may be cut, or broken further on.
func levelOfObject(line []byte) (level aipass.LogLevel, ok bool) {
	if !bytes.Contains(line, []byte(`"level"`)) {
		return 0, false
	}
	value, ok := member(line, "level")
	if !ok || len(value) >= maxLevel {
		return 0, false
	}
	var name [maxLevel]byte
	for i, b := range value {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		name[i] = b
	}
	return levelNamed(name[:len(value)])
}

// member is the text of the object's own member of that name which is a
// string, as it is spelled. What looks like one in a string or in an inner
// object is none.
func member(object []byte, name string) (value []byte, ok bool) {
	depth := 0
	for i := 0; i < len(object); i++ {
		switch object[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			length, ended := stringLength(object[i+1:])
			if !ended {
				return nil, false
			}
			text := object[i+1 : i+1+length]
			i += 1 + length
			if depth == 1 && string(text) == name {
				if value, ok := stringAfterColon(object[i+1:]); ok {
					return value, true
				}
			}
		}
	}
	return nil, false
}

func stringAfterColon(rest []byte) (value []byte, ok bool) {
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte(":"))
	if !ok {
		return nil, false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte(`"`))
	if !ok {
		return nil, false
	}
	length, ok := stringLength(rest)
	return rest[:length], ok
}

// stringLength is how far a string goes after its first quote.
func stringLength(rest []byte) (length int, ended bool) {
	for i := 0; ; i++ {
		next := bytes.IndexByte(rest[i:], '"')
		if next < 0 {
			return 0, false
		}
		i += next
		backslashes := 0
		for backslashes < i && rest[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return i, true
		}
	}
}
