package logscan

import (
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// version is that of the form in which state is saved.
const version = 1

// encode writes the state as JSON, in a fixed order, a directory or a source a
// line. What is zero is left out.
func (s state) encode(w io.Writer) error {
	e := &encoder{w: w}
	e.text(`{"version": `, strconv.Itoa(version), ",\n\"home\": ", quoted(s.home), ",\n\"totals\": [")
	separator := "\n"
	for _, branch := range slices.Sorted(maps.Keys(s.totals)) {
		of := s.totals[branch]
		for _, scope := range aipass.LogScopes {
			if of[scope] != (aipass.LogTotals{}) {
				e.text(separator, `{"branch": `, quoted(branch), `, "scope": `, quoted(scope.String()))
				gone := s.left[branch]
				e.fields(append(fieldsOf(&of[scope]), field{"gone", &gone, false}))
				e.text("}")
				separator = ",\n"
			}
		}
	}
	e.text("],\n\"dirs\": [")
	separator = "\n"
	for _, path := range slices.Sorted(maps.Keys(s.dirs)) {
		e.text(separator)
		e.directory(path, s.dirs[path])
		separator = ",\n"
	}
	e.text("]}\n")
	return e.flush()
}

// An encoder writes in pieces: there is no room for a large host's state.
type encoder struct {
	w   io.Writer
	b   []byte
	err error // the first
}

const piece = 16 << 10

func (e *encoder) text(parts ...string) {
	for _, part := range parts {
		e.b = append(e.b, part...)
	}
	if len(e.b) >= piece {
		e.err = e.flush()
	}
}

func (e *encoder) flush() error {
	if e.err == nil {
		_, e.err = e.w.Write(e.b)
	}
	e.b = e.b[:0]
	return e.err
}

func (e *encoder) directory(path string, d directory) {
	e.text(`{"path": `, quoted(path), `, "gone": `, strconv.FormatInt(d.gone, 10), `, "files": [`)
	separator := ""
	for _, c := range d.files {
		e.text(separator, `{"name": `, quoted(c.name))
		e.fields(c.fields())
		e.flag("inside", c.inside)
		e.flag("cut", c.cut)
		e.text("}")
		separator = ", "
	}
	e.text("]}")
}

func (e *encoder) fields(fields []field) {
	for _, f := range fields {
		if *f.at != 0 {
			e.text(`, "`, f.name, `": `)
			e.b = strconv.AppendInt(e.b, *f.at, 10)
		}
	}
}

func (e *encoder) flag(name string, set bool) {
	if set {
		e.text(`, "`, name, `": true`)
	}
}

// quoted escapes like a URL what cannot stand in JSON: names of files need not
// be UTF-8.
func quoted(name string) string {
	return `"` + strings.ReplaceAll(url.PathEscape(name), "%2F", "/") + `"`
}

func unquoted(text string) (string, error) { return url.PathUnescape(text) }
