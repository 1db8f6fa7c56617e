package textfile

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// comment takes a line that begins with #, of which only HELP and TYPE mean
// anything.
func (s *scanner) comment(line, text []byte) {
	keyword, rest := cutBlank(text)
	if keyword != "HELP" && keyword != "TYPE" || len(rest) == 0 {
		return
	}
	if rest[0] == '"' {
		s.report(FileDropped, "", quotedName, "")
		return
	}
	if _, ok := s.parse("", line); !ok {
		return
	}
	name, doc := cutBlank(rest)
	if len(name) == len(rest) {
		return // nothing after the name, not even a blank: the parser ignores it
	}
	f := s.familyOf(name)
	if len(doc) == 0 {
		return
	}
	if keyword == "HELP" {
		s.help(f, doc)
	} else {
		s.kind(f, doc)
	}
}

func (s *scanner) help(f *family, doc []byte) {
	if f.help != nil {
		s.report(FileDropped, f.name, "second HELP", "")
		return
	}
	if !utf8.Valid(doc) {
		s.report(HostLost, f.name, "HELP is not valid UTF-8, for which Prometheus refuses all of node_exporter's page", "")
	}
	// A quote may be escaped or not, and both mean the same.
	help := strings.NewReplacer(`\\`, `\\`, `\"`, `"`).Replace(string(doc))
	f.help = &help
}

func (s *scanner) kind(f *family, doc []byte) {
	if f.typ != "" {
		s.report(FileDropped, f.name, "second TYPE, or TYPE after a sample", "put one TYPE line before the samples")
		return
	}
	// The parser accepts either case, and overlooks backslashes.
	upper := strings.ToUpper(strings.ReplaceAll(string(doc), `\`, ""))
	f.typ = strings.ToLower(upper)
	if f.typ == "gaugehistogram" {
		f.typ = gaugeHistogram
	}
}

// cutBlank splits text at its first blanks.
func cutBlank(text []byte) (first string, rest []byte) {
	end := bytes.IndexAny(text, " \t")
	if end < 0 {
		return string(text), nil
	}
	return string(text[:end]), bytes.TrimLeft(text[end:], " \t")
}
