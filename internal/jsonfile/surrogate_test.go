package jsonfile_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestHalvesOfSurrogatePairsAreReplacedInPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		replaced         int
	}{
		{"none", `{"a": "caf\u00e9 \\ \n"}`, `{"a": "caf\u00e9 \\ \n"}`, 0},
		{"a pair", `["\ud83d\ude00"]`, `["\ud83d\ude00"]`, 0},
		{"pairs", `["\uD83D\uDE00\ud83d\uDE01"]`, `["\uD83D\uDE00\ud83d\uDE01"]`, 0},
		{"a high one", `["a\ud83db"]`, `["a\ufffdb"]`, 1},
		{"a low one", `["a\ude00b"]`, `["a\ufffdb"]`, 1},
		{"capitals", `["\uDBFF","\uDFFF"]`, `["\ufffd","\ufffd"]`, 2},
		{"the first and the last", `["\ud800", "\udfff"]`, `["\ufffd", "\ufffd"]`, 2},
		{"neighbours of surrogates", `["\ud7ff\ue000"]`, `["\ud7ff\ue000"]`, 0},
		{"the wrong way round", `["\ude00\ud83d"]`, `["\ufffd\ufffd"]`, 2},
		{"a high one before a pair", `["\ud83d\ud83d\ude00"]`, `["\ufffd\ud83d\ude00"]`, 1},
		{"a low one after a pair", `["\ud83d\ude00\ude00"]`, `["\ud83d\ude00\ufffd"]`, 1},
		{"before another escape", `["\ud83d\u0041\ud83d\n\ud83d\\ude00"]`, `["\ufffd\u0041\ufffd\n\ufffd\\ude00"]`, 3},
		{"a text about one", `["\\ud83d", "\\\\ude00"]`, `["\\ud83d", "\\\\ude00"]`, 0},
		{"after a backslash", `["\\\ud83d"]`, `["\\\ufffd"]`, 1},
		{"halves in two strings", `["\ud83d", "\ude00"]`, `["\ufffd", "\ufffd"]`, 2},
		{"in a name", `{"\ud83d": 1}`, `{"\ufffd": 1}`, 1},
		{"at the end", `["\ud83d`, `["\ufffd`, 1},
		{"cut off", `["\ud83`, `["\ud83`, 0},
		{"no digits", `["\ud8+1\ud_00"]`, `["\ud8+1\ud_00"]`, 0},
		{"a backslash at the end", `\`, `\`, 0},
		{"nothing", ``, ``, 0},
	} {
		data := []byte(c.text)
		replaced := jsonfile.ReplaceLoneSurrogates(data)
		if string(data) != c.want || replaced != c.replaced {
			t.Errorf("%s: %s: got %s and %d, want %s and %d", c.name, c.text, data, replaced, c.want, c.replaced)
		}
	}
}

// The seeds stand in testdata/fuzz.
func FuzzReplaceLoneSurrogates(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		before := decode(text)
		data := bytes.Clone(text)
		replaced := jsonfile.ReplaceLoneSurrogates(data)
		after := decode(data)
		switch {
		case len(data) != len(text) || (replaced == 0) != bytes.Equal(data, text):
			t.Errorf("%q became %q, with %d replaced", text, data, replaced)
		case before == nil && replaced > 0:
			t.Errorf("%q was good and became %q", text, data)
		case errors.Is(after, lone), errors.Is(before, lone) && replaced == 0:
			t.Errorf("%q became %q: %v, then %v", text, data, before, after)
		case jsonfile.ReplaceLoneSurrogates(data) > 0:
			t.Errorf("%q took two goes", text)
		}
	})
}

func decode(text []byte) error {
	d := jsonfile.NewDecoder(bytes.NewReader(text))
	if err := d.Skip(); err != nil {
		return err
	}
	return d.End()
}
