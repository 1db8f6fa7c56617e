package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// Not parallel: what is counted is what the whole process allocates.
func TestAHugeDocumentCostsNoMemory(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after string
		fill          byte
		size          int64
	}{
		{"body of a message", `{"messages": [{"message": "`, `"}]}`, 'x', 200 << 20},
		{"text that is kept", `"`, `"`, 'x', 20 << 20},
		{"name of a member", `{"`, `": 1}`, 'x', 20 << 20},
		{"number", `[0.`, `]`, '1', 20 << 20},
		{"white space", ` `, `[]`, '\n', 20 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fill := &endless{bytes.Repeat([]byte{tt.fill}, bufferSize), tt.size}
			r := io.MultiReader(strings.NewReader(tt.before), fill, strings.NewReader(tt.after))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d := jsonfile.NewDecoder(r)
			_, err := d.Value()
			if err == nil {
				err = d.End()
			}
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if got, limit := after.TotalAlloc-before.TotalAlloc, uint64(1<<20); got > limit {
				t.Errorf("allocated %d bytes, want at most %d", got, limit)
			}
		})
	}
}

// endless reads as n bytes without holding them.
type endless struct {
	chunk []byte
	n     int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), e.n)], e.chunk)
	e.n -= int64(n)
	return n, nil
}

func TestADecoderUsedAgainAllocatesNoBuffers(t *testing.T) {
	text := []byte(`{"a": [1, "b", true, null]}`)
	d := jsonfile.NewDecoder(nil)
	r := bytes.NewReader(nil)
	var before, after runtime.MemStats
	const rounds = 1000
	runtime.ReadMemStats(&before)
	for range rounds {
		r.Reset(text)
		d.Reset(r)
		if err := d.Skip(); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / rounds; got > 1024 {
		t.Errorf("allocated %d bytes a document, want less than 1024", got)
	}
}

// inbox is a mailbox as AIPass writes it, about a megabyte of mail.
func inbox(messages int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"mailbox\": \"drone\",\n  \"total_messages\": %d,\n  \"unread_count\": %[1]d,\n  \"messages\": [", messages)
	for i := range messages {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
    {
      "id": "%08x",
      "timestamp": "2026-01-02 03:04:05",
      "from": "@seed",
      "from_name": "SEED",
      "subject": "Re: audit %d – 🦉",
      "message": "%s",
      "status": "new",
      "auto_execute": false,
      "priority": "normal"
    }`, i*2654435761, i, strings.Repeat(`A line of the report, \"quoted\", about café.\n`, 20))
	}
	b.WriteString("\n  ]\n}")
	return b.Bytes()
}

func TestTheBenchmarksReadWhatEncodingJSONReads(t *testing.T) {
	t.Parallel()
	text := inbox(10)
	got, err := events(jsonfile.NewDecoder(nil), bytes.NewReader(text))
	wantError(t, err, nil)
	if diff := cmp.Diff(tokens(t, text), got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkSkip(b *testing.B) {
	text := inbox(1000)
	d := jsonfile.NewDecoder(nil)
	r := bytes.NewReader(nil)
	measure(b, text, func() error {
		r.Reset(text)
		d.Reset(r)
		return d.Skip()
	})
}

// BenchmarkDecode looks at every value, as the parser of an inbox does.
func BenchmarkDecode(b *testing.B) {
	text := inbox(1000)
	d := jsonfile.NewDecoder(nil)
	r := bytes.NewReader(nil)
	measure(b, text, func() error {
		r.Reset(text)
		d.Reset(r)
		return readAll(d)
	})
}

// readAll reads every value, however deep.
func readAll(d *jsonfile.Decoder) error {
	kind, err := d.Next()
	switch {
	case err != nil:
		return err
	case kind == jsonfile.Object:
		return d.Object(func(string) error { return readAll(d) })
	case kind == jsonfile.Array:
		return d.Array(func() error { return readAll(d) })
	}
	_, err = d.Value()
	return err
}

func BenchmarkEncodingJSONDecoder(b *testing.B) {
	text := inbox(1000)
	r := bytes.NewReader(nil)
	measure(b, text, func() error {
		r.Reset(text)
		var v any
		return json.NewDecoder(r).Decode(&v)
	})
}

func BenchmarkEncodingJSONValid(b *testing.B) {
	text := inbox(1000)
	measure(b, text, func() error {
		if !json.Valid(text) {
			return io.ErrUnexpectedEOF
		}
		return nil
	})
}

func measure(b *testing.B, text []byte, read func() error) {
	b.Helper()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(); err != nil {
			b.Fatal(err)
		}
	}
}
