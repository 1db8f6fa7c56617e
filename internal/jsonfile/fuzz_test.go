package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

var surrogateEscape = regexp.MustCompile(`(?i)\\ud[89a-f][0-9a-f]{2}`)

// FuzzDecoder holds the decoder against encoding/json, which differs from
// Python in names for numbers, in UTF-8, in surrogates, in depth and in the
// length of integers, and against itself with the bytes coming in pieces.
func FuzzDecoder(f *testing.F) {
	for _, doc := range documents {
		if len(doc.text) < 1000 { // large seeds make slow fuzzing
			f.Add([]byte(doc.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := jsonfile.NewDecoder(nil)
		got, err := events(d, bytes.NewReader(text))
		switch {
		case err == nil:
			acceptedRightly(t, text, got)
		case !errors.Is(err, refused):
			t.Fatalf("%v is no ErrMalformed", err)
		case errors.Is(err, lone) && !surrogateEscape.Match(text):
			t.Fatalf("a lone surrogate where there is no surrogate: %v", err)
		case errors.Is(err, notUTF8) && utf8.Valid(text):
			t.Fatalf("not UTF-8 where everything is: %v", err)
		case json.Valid(text) && utf8.Valid(text) && !pythonsOwn(err, text):
			t.Fatalf("encoding/json accepts it: %v", err)
		}
		sameInPieces(t, d, text)
		sameInMemory(t, d, text)
	})
}

// pythonsOwn says whether a document that encoding/json accepts is refused for
// a reason that encoding/json does not know.
func pythonsOwn(err error, text []byte) bool {
	brackets := bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
	digits := bytes.FieldsFunc(text, func(r rune) bool { return r < '0' || '9' < r })
	tooLong := func(run []byte) bool { return len(run) > 4300 }
	return errors.Is(err, lone) || brackets > maxDepth || slices.ContainsFunc(digits, tooLong)
}

func acceptedRightly(t *testing.T, text []byte, got []string) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Fatal("accepted what is not UTF-8")
	}
	named := func(event string) bool {
		return strings.HasPrefix(event, "number NaN") || strings.HasPrefix(event, "number Inf") || strings.HasPrefix(event, "number -Inf")
	}
	if slices.ContainsFunc(got, named) {
		return
	}
	if !json.Valid(text) {
		t.Fatal("encoding/json refuses it")
	}
	if diff := cmp.Diff(tokens(t, text), got); diff != "" {
		t.Fatalf("(-encoding/json +got):\n%s", diff)
	}
}

func sameInMemory(t *testing.T, d *jsonfile.Decoder, text []byte) {
	t.Helper()
	want, wantErr := events(d, bytes.NewReader(text))
	held := bytes.Clone(text)
	m := jsonfile.InMemory(held)
	got, err := rest(m)
	if diff := cmp.Diff(want, got); diff != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Fatalf("in memory %v, from a stream %v (-stream +memory):\n%s", err, wantErr, diff)
	}
	m.Reset(strings.NewReader("[1, 2, 3]"))
	if _, err := rest(m); err != nil || !bytes.Equal(held, text) {
		t.Fatalf("the document was changed, or %v", err)
	}
}

// tokens lists as events what encoding/json makes of a document.
func tokens(t *testing.T, text []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var seen []string
	var inObject []bool
	nameNext := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return seen
		}
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := token.(string); ok && nameNext {
			seen = append(seen, "name "+cut(name))
			nameNext = false
			continue
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			inObject = append(inObject, token == json.Delim('{'))
		case json.Delim('}'), json.Delim(']'):
			inObject = inObject[:len(inObject)-1]
		}
		seen = append(seen, tokenEvent(token))
		nameNext = len(inObject) > 0 && inObject[len(inObject)-1]
	}
}

func tokenEvent(token json.Token) string {
	switch token := token.(type) {
	case nil:
		return "null false"
	case bool:
		return fmt.Sprintf("bool %t", token)
	case json.Number:
		f, err := token.Float64()
		return fmt.Sprintf("number %s %t", cut(token.String()), f != 0 || err != nil)
	case string:
		return fmt.Sprintf("string %s %t", cut(token), token != "")
	}
	return fmt.Sprint(token)
}
