package aipass

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// count is the number of lines of a text, read in one piece or byte by byte.
func count(t *testing.T, r io.Reader) (n int, ok bool) {
	t.Helper()
	c := &lineCounter{r: r}
	must(t, c.drain())
	return c.lines()
}

const notText = -1

func TestLinesAreCountedAsPythonCountsThem(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want int
	}{
		"nothing":                             {"", 0},
		"one line":                            {"a\n", 1},
		"a last line without an end":          {"a\nb", 2},
		"an empty line":                       {"\n", 1},
		"only empty lines":                    {"\n\n\n", 3},
		"CR LF":                               {"a\r\nb\r\n", 2},
		"lone CR":                             {"a\rb\r", 2},
		"lone CR, a last line without an end": {"a\rb", 2},
		"all three":                           {"a\nb\r\nc\rd", 4},
		"LF CR is two":                        {"\n\r", 2},
		"CR CR LF is two":                     {"\r\r\n", 2},
		"U+2028 ends no line":                 {"a\u2028b\n", 1},
		"NEL, VT, FF end no line":             {"a\u0085b\vc\fd\n", 1},
		"byte order mark":                     {"\ufeffa\n", 1},
		"NUL":                                 {"a\x00b\n\x00", 2},
		"four bytes to a letter":              {"𝄞\n𝄞", 2},
		"Latin-1":                             {"caf\xe9\n", notText},
		"half a letter at the end":            {"a\n\xf0\x9d\x84", notText},
		"half a letter in the middle":         {"\xc3\n", notText},
		"a continuation byte alone":           {"\x80\x80\x80\x80\x80", notText},
		"a surrogate, encoded":                {"\xed\xa0\x80", notText},
		"a slash in two bytes":                {"\xc0\xaf", notText},
		"beyond the last code point":          {"\xf4\x90\x80\x80", notText},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, r := range map[string]io.Reader{
				"whole":        strings.NewReader(tt.text),
				"byte by byte": iotest.OneByteReader(strings.NewReader(tt.text)),
				"by halves":    iotest.HalfReader(strings.NewReader(tt.text)),
			} {
				n, ok := count(t, r)
				if !ok {
					n = notText
				}
				if n != tt.want {
					t.Errorf("%s: got %d, want %d", how, n, tt.want)
				}
			}
		})
	}
}

func TestLongFileIsCountedToItsEnd(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("é\r\n", 100_000) // a block ends within a letter, and between CR and LF
	if n, ok := count(t, iotest.OneByteReader(strings.NewReader(text))); n != 100_000 || !ok {
		t.Errorf("got %d, %t, want 100000 lines", n, ok)
	}
}
