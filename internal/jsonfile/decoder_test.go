package jsonfile_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestADocumentIsWhatPythonReads(t *testing.T) {
	t.Parallel()
	for _, doc := range documents {
		t.Run(doc.name, func(t *testing.T) {
			t.Parallel()
			d := jsonfile.NewDecoder(nil)
			_, err := events(d, strings.NewReader(doc.text))
			wantError(t, err, doc.want)

			sameInMemory(t, d, []byte(doc.text))

			d.Reset(strings.NewReader(doc.text))
			err = d.Skip()
			if err == nil {
				err = d.End()
			}
			wantError(t, err, doc.want)
		})
	}
}

func TestOnlyALoneSurrogateAndInvalidUTF8HaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(nil)
	for _, doc := range documents {
		_, err := events(d, strings.NewReader(doc.text))
		for _, sentinel := range []error{lone, notUTF8} {
			if got, want := errors.Is(err, sentinel), errors.Is(doc.want, sentinel); got != want {
				t.Errorf("%s: %v is %v: got %t, want %t", doc.name, err, sentinel, got, want)
			}
		}
	}
}

func TestNestingEndsWherePythonGivesUp(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(nil)
	_, err := events(d, strings.NewReader(nested(maxDepth)))
	wantError(t, err, nil)
	_, err = events(d, strings.NewReader(strings.Repeat(`{"a":`, maxDepth)+"1"+strings.Repeat("}", maxDepth)))
	wantError(t, err, nil)
	_, err = events(d, strings.NewReader("["+strings.Repeat(nested(maxDepth-1)+",", 3)+"1]"))
	wantError(t, err, nil)

	_, err = events(d, strings.NewReader(nested(maxDepth+1)))
	wantError(t, err, refused)
	d.Reset(strings.NewReader(strings.Repeat("[", 1<<20)))
	wantError(t, d.Skip(), refused)
}

func TestHowTheBytesArriveChangesNothing(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(nil)
	for _, doc := range documents {
		t.Run(doc.name, func(t *testing.T) { sameInPieces(t, d, []byte(doc.text)) })
	}
}

// sameInPieces checks that a document is the same however it is read.
func sameInPieces(t *testing.T, d *jsonfile.Decoder, text []byte) {
	t.Helper()
	whole, wholeErr := events(d, bytes.NewReader(text))
	for name, slow := range map[string]func(io.Reader) io.Reader{
		"one byte at a time":    iotest.OneByteReader,
		"half of what is asked": iotest.HalfReader,
		"three bytes at a time": func(r io.Reader) io.Reader { return threeBytes{r} },
		"the end with the data": iotest.DataErrReader,
	} {
		got, err := events(d, slow(bytes.NewReader(text)))
		if !slices.Equal(whole, got) { // cmp alone would slow the fuzzer down
			t.Errorf("%s (-whole +pieces):\n%s", name, cmp.Diff(whole, got))
		}
		if (err == nil) != (wholeErr == nil) {
			t.Fatalf("%s: got %v, whole %v", name, err, wholeErr)
		}
		if err == nil {
			continue
		}
		if diff := cmp.Diff(faultOf(t, wholeErr), faultOf(t, err)); diff != "" {
			t.Errorf("%s (-whole +pieces):\n%s", name, diff)
		}
	}
}

func TestWhereABufferEndsChangesNothing(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(nil)
	padding := strings.Repeat("\n", bufferSize)
	for _, doc := range documents {
		if doc.text == "" {
			continue // with white space before it, it is not the empty document
		}
		want, wantErr := events(d, strings.NewReader(doc.text))
		for before := range min(len(doc.text), 64) {
			padded := padding[before:] + doc.text
			got, err := events(d, strings.NewReader(padded))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d bytes before the end (-want +got):\n%s", doc.name, before, diff)
			}
			if err == nil && wantErr == nil {
				continue
			}
			want := faultOf(t, wantErr)
			want.Line += bufferSize - before
			want.Offset += int64(bufferSize - before)
			if diff := cmp.Diff(want, faultOf(t, err)); diff != "" {
				t.Errorf("%s, %d bytes before the end (-want +got):\n%s", doc.name, before, diff)
			}
		}
	}
}

func TestASyntaxErrorSaysWhere(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("  \"an element of some length\",\n", 3000) // about three buffers
	for name, tt := range map[string]struct {
		text string
		want fault
	}{
		"first byte":           {"x", fault{1, 0, `'x' where a value should be`}},
		"later line":           {"[\n1,\n2 3]", fault{3, 7, `'3' where ',' or ']' should be`}},
		"newline in a string":  {"[\n\"a\nb\"]", fault{2, 4, `control character '\n' in a string`}},
		"empty":                {"", fault{1, 0, "the file is empty"}},
		"cut":                  {"[\n1,\n", fault{3, 5, "the document ends in the middle"}},
		"cut keyword":          {"[tru", fault{1, 4, "the document ends in the middle"}},
		"after the end":        {"{}\n{}", fault{2, 3, `'{' after the end of the document`}},
		"byte order mark":      {"\ufeff{}", fault{1, 0, "a byte order mark, which Python refuses"}},
		"not UTF-8":            {"\"ab\xe2\x82\"", fault{1, 3, "byte 0xe2 is not UTF-8"}},
		"too deep":             {"\n" + nested(maxDepth+1), fault{2, maxDepth + 2, "nested more than 1000 deep"}},
		"end of a large one":   {"[\n" + long + "?]", fault{3002, int64(2 + len(long)), `'?' where a value should be`}},
		"large one cut":        {"[\n" + long, fault{3002, int64(2 + len(long)), "the document ends in the middle"}},
		"after a large string": {"[\n\"" + strings.Repeat("é", bufferSize) + "\"\n?", fault{3, 2*bufferSize + 5, `'?' where ',' or ']' should be`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := jsonfile.NewDecoder(strings.NewReader(tt.text))
			err := d.Skip()
			if err == nil {
				err = d.End()
			}
			if diff := cmp.Diff(tt.want, faultOf(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACutDocumentIsAnUnexpectedEnd(t *testing.T) {
	t.Parallel()
	const text = `{"a": [1, 2.5e3, -Infinity, "é\ud83e\udd89\n", null]}`
	for n := range len(text) {
		err := jsonfile.NewDecoder(strings.NewReader(text[:n])).Skip()
		wantError(t, err, refused)
		if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, notUTF8) { // cut within the é
			t.Errorf("after %d bytes: got %v, want %v", n, err, io.ErrUnexpectedEOF)
		}
	}
}

func TestAFaultOfTheReaderComesThrough(t *testing.T) {
	t.Parallel()
	broken := &fs.PathError{Op: "read", Path: "inbox.json", Err: errors.New("input/output error")}
	const text = ` {"a": [1, 2.5e3, -Infinity, "é\ud83e\udd89\n` + "🦉" + `", null]} `
	for n := range len(text) + 1 {
		d := jsonfile.NewDecoder(io.MultiReader(strings.NewReader(text[:n]), iotest.ErrReader(broken)))
		err := d.Skip()
		if err == nil {
			err = d.End()
		}
		if !errors.Is(err, error(broken)) {
			t.Errorf("after %d bytes: got %v, want %v", n, err, broken)
		}
	}
}

func TestAReaderThatReadsNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	err := jsonfile.NewDecoder(stuck{}).Skip()
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v, want %v", err, io.ErrNoProgress)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }
