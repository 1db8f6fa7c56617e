package jsonfile

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// replacement is the escape that stands for half a character; it is as long
// as the one that it replaces.
const replacement = `\ufffd`

// ReplaceLoneSurrogates overwrites the escapes in data that are half of a
// surrogate pair, and says how many there were. Nothing moves. Python reads
// such an escape, and its next write of it fails in the middle of the file.
func ReplaceLoneSurrogates(data []byte) (replaced int) {
	for at := 0; at < len(data); {
		i := bytes.IndexByte(data[at:], '\\')
		if i < 0 {
			break
		}
		at += i
		first, ok := surrogateAt(data, at)
		if !ok {
			at += len(`\x`) // whatever is escaped, be it a backslash
			continue
		}
		second, _ := surrogateAt(data, at+len(replacement))
		if utf16.DecodeRune(first, second) != '\uFFFD' {
			at += 2 * len(replacement)
			continue
		}
		at += copy(data[at:], replacement)
		replaced++
	}
	return replaced
}

// surrogateAt is the surrogate whose escape stands at an offset, if one does.
func surrogateAt(data []byte, at int) (r rune, ok bool) {
	if len(data)-at < len(replacement) || data[at] != '\\' || data[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[at+2:at+len(replacement)]), 16, 16)
	return rune(n), err == nil && utf16.IsSurrogate(rune(n))
}
