package textfile

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"unicode/utf8"

	"github.com/prometheus/common/model"
)

// byteOrderMark is what some editors put in front of UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// maxFamilies bounds the names that are kept to notice a family that comes twice.
const maxFamilies = 10_000

// A form follows a file line by line and sees to it that it has the one form
// that Check accepts. What is inside a value, an escape or a help text it leaves
// to the parser.
type form struct {
	line   int               // number of the current line
	typeOf map[string]string // every family so far; "" before its TYPE
	seen   seriesSet
	seed   maphash.Seed

	// The current family.
	name, typ string
	header    []byte // its HELP and TYPE lines
	shape     []byte // label names of its first sample
	sampled   bool   // has a sample

	labels labelSet // of the current line
	group  group    // the histogram or summary series being read
}

func newForm() *form {
	return &form{typeOf: map[string]string{}, seed: maphash.MakeSeed()}
}

// atBorder reports whether the file can be cut after the current line.
func (f *form) atBorder() bool { return f.typ != "" && !f.group.open }

// reject makes the finding for the current line.
func (f *form) reject(effect Effect, format string, args ...any) Finding {
	return Finding{Line: f.line, Metric: f.name, Effect: effect, Message: fmt.Sprintf(format, args...)}
}

// next takes one line without its newline.
func (f *form) next(line []byte) error {
	f.line++
	if bytes.HasSuffix(line, []byte("\r")) {
		return f.reject(FileDropped, "line ends in a carriage return")
	}
	if f.line == 1 && bytes.HasPrefix(line, []byte(byteOrderMark)) {
		return f.reject(FileDropped, "file begins with a byte order mark")
	}
	if !utf8.Valid(line) {
		if bytes.HasPrefix(line, []byte("# HELP ")) {
			return f.reject(HostLost, "HELP is not valid UTF-8, for which Prometheus refuses all of node_exporter's page")
		}
		return f.reject(FileDropped, "not valid UTF-8")
	}
	if text, ok := bytes.CutPrefix(line, []byte("# HELP ")); ok {
		return f.help(line, text)
	}
	if text, ok := bytes.CutPrefix(line, []byte("# TYPE ")); ok {
		return f.kind(line, text)
	}
	return f.sample(line)
}

// end is called after the last line.
func (f *form) end() error {
	if f.line == 0 {
		return f.reject(SamplesLost, "file is empty: all its series would end, and nothing would say so")
	}
	return f.close()
}

// close ends the current family.
func (f *form) close() error {
	if f.name != "" && f.typ == "" {
		return f.reject(Style, "HELP is not followed by TYPE")
	}
	if f.group.open {
		return f.reject(SamplesLost, "%s is not complete: %s", f.typ, f.group.missing(f.typ))
	}
	return nil
}

// help begins a family.
func (f *form) help(line, text []byte) error {
	if err := f.close(); err != nil {
		return err
	}
	name, doc, ok := bytes.Cut(text, []byte(" "))
	f.name, f.typ, f.sampled = string(name), "", false
	switch {
	case !model.LegacyValidation.IsValidMetricName(f.name):
		return f.reject(FileDropped, "invalid metric name %q", name)
	case !ok || len(bytes.TrimLeft(doc, " \t")) == 0:
		return f.reject(SamplesLost, "HELP is empty, so node_exporter makes one up that differs from other files' HELP")
	case isBuiltin(f.name):
		return f.reject(SamplesLost, "node_exporter serves a metric of this name itself")
	case len(f.typeOf) == maxFamilies:
		return f.reject(Style, "more than %d metrics, more than this check reads", maxFamilies)
	}
	if _, twice := f.typeOf[f.name]; twice {
		return f.reject(FileDropped, "second HELP")
	}
	if other, found := collision(f.name, "", f.typeOf); found {
		return f.reject(FileDropped, "shares a sample name with %s, and the parser takes this for its second HELP", other)
	}
	f.typeOf[f.name] = ""
	f.header = append(append(f.header[:0], line...), '\n')
	return nil
}

// kind takes the TYPE line, which must be the one after HELP.
func (f *form) kind(line, text []byte) error {
	name, typ, _ := bytes.Cut(text, []byte(" "))
	switch {
	case string(name) != f.name || f.sampled:
		return f.reject(Style, "TYPE of %q does not directly follow its HELP", name)
	case f.typ != "":
		return f.reject(FileDropped, "second TYPE")
	}
	switch string(typ) {
	case counter, gauge, histogram, summary, untyped:
	case "gauge_histogram", "gaugehistogram":
		return f.reject(HostLost, "node_exporter crashes over TYPE %s", typ)
	default:
		return f.reject(FileDropped, "unknown TYPE %q", typ)
	}
	f.typ = string(typ)
	if other, found := collision(f.name, f.typ, f.typeOf); found {
		return f.reject(SamplesLost, "shares a sample name with %s: node_exporter serves one of the two", other)
	}
	f.typeOf[f.name] = f.typ
	f.header = append(append(f.header, line...), '\n')
	return nil
}
