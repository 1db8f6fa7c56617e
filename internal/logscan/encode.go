package logscan

import (
	"bufio"
	"fmt"
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
func (s state) encode(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "{\"version\": %d,\n\"home\": %s,\n\"totals\": [", version, quoted(s.home))
	between := "\n"
	for _, branch := range slices.Sorted(maps.Keys(s.totals)) {
		totals := s.totals[branch]
		for _, scope := range aipass.LogScopes {
			if totals[scope] == (aipass.LogTotals{}) {
				continue
			}
			fmt.Fprintf(w, `%s{"branch": %s, "scope": %q`, between, quoted(branch), scope)
			writeFields(w, append(fieldsOf(&totals[scope]), field{"gone", new(s.left[branch]), false}))
			w.WriteString("}")
			between = ",\n"
		}
	}
	w.WriteString("],\n\"dirs\": [")
	between = "\n"
	for _, path := range slices.Sorted(maps.Keys(s.dirs)) {
		w.WriteString(between)
		s.dirs[path].encode(w, path)
		between = ",\n"
	}
	w.WriteString("]}\n")
	return w.Flush()
}

func (d directory) encode(w *bufio.Writer, path string) {
	fmt.Fprintf(w, `{"path": %s, "gone": %d, "files": [`, quoted(path), d.gone)
	between := ""
	for _, c := range d.files {
		fmt.Fprintf(w, `%s{"name": %s`, between, quoted(c.name))
		writeFields(w, c.fields())
		writeFlag(w, "inside", c.inside)
		writeFlag(w, "cut", c.cut)
		w.WriteString("}")
		between = ", "
	}
	w.WriteString("]}")
}

func writeFields(w *bufio.Writer, fields []field) {
	for _, f := range fields {
		if *f.at != 0 {
			w.WriteString(`, "`)
			w.WriteString(f.name)
			w.WriteString(`": `)
			w.Write(strconv.AppendInt(w.AvailableBuffer(), *f.at, 10))
		}
	}
}

func writeFlag(w *bufio.Writer, name string, set bool) {
	if set {
		fmt.Fprintf(w, `, %q: true`, name)
	}
}

// quoted escapes like a URL what cannot stand in JSON: names of files need not
// be UTF-8.
func quoted(name string) string {
	return `"` + strings.ReplaceAll(url.PathEscape(name), "%2F", "/") + `"`
}

func unquoted(text string) (string, error) { return url.PathUnescape(text) }
