package textfile

import (
	"strings"
	"testing"
)

func TestNameOfAFileDoesNotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	at := place{"\x1b[31mred\nnew.prom", 3}
	for _, text := range []string{Finding{File: at.file, Line: 3, Message: "m"}.Error(), Finding{File: at.file, Message: "m"}.Error(), at.String()} {
		if strings.ContainsAny(text, "\x1b\n") {
			t.Errorf("%q", text)
		}
	}
	if got, want := (Finding{File: "a b.prom", Line: 3, Message: "m"}).Error(), "a b.prom:3: m (style)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
