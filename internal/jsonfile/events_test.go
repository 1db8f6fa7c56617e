package jsonfile_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// events walks a whole document and lists what it met.
func events(d *jsonfile.Decoder, r io.Reader) ([]string, error) {
	d.Reset(r)
	return rest(d)
}

func rest(d *jsonfile.Decoder) ([]string, error) {
	var seen []string
	if err := walk(d, &seen); err != nil {
		return seen, err
	}
	return seen, d.End()
}

func walk(d *jsonfile.Decoder, seen *[]string) error {
	note := func(format string, args ...any) { *seen = append(*seen, fmt.Sprintf(format, args...)) }
	kind, err := d.Next()
	if err != nil {
		return err
	}
	switch kind {
	case jsonfile.Object:
		note("{")
		err = d.Object(func(name string) error {
			note("name %s", name)
			return walk(d, seen)
		})
		note("}")
	case jsonfile.Array:
		note("[")
		err = d.Array(func() error { return walk(d, seen) })
		note("]")
	default:
		var v jsonfile.Value
		v, err = d.Value()
		note("%s", scalar(v))
	}
	return err
}

func scalar(v jsonfile.Value) string {
	switch v.Kind {
	case jsonfile.Null:
		return fmt.Sprintf("null %t", v.Truthy)
	case jsonfile.Bool:
		return fmt.Sprintf("bool %t", v.Truthy)
	case jsonfile.Number:
		return fmt.Sprintf("number %s %t", v.Text, v.Truthy)
	}
	return fmt.Sprintf("string %s %t", v.Text, v.Truthy)
}

// threeBytes reads three bytes at a time.
type threeBytes struct{ r io.Reader }

func (t threeBytes) Read(p []byte) (int, error) { return t.r.Read(p[:min(3, len(p))]) }

// wantError checks that err matches want, and ErrMalformed if there is a want
// at all; nil matches nil.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if want != nil && !errors.Is(err, jsonfile.ErrMalformed) {
		t.Fatalf("%v is no ErrMalformed", err)
	}
}

// fault is the place and the text of a SyntaxError.
type fault struct {
	Line   int
	Offset int64
	What   string
}

func faultOf(t *testing.T, err error) fault {
	t.Helper()
	var syntax *jsonfile.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("got %v, want a SyntaxError", err)
	}
	return fault{syntax.Line, syntax.Offset, syntax.What}
}
