package textfile

import (
	"bytes"
	"hash/maphash"

	dto "github.com/prometheus/client_model/go"
)

const quotedName = "metric name in quotes, which the text format of textfiles does not have"

// A scanner reads one file line by line. The parser judges each line, and the
// scanner remembers what the parser would of the lines before, so that the file
// as a whole is judged as the parser would, but with all its faults.
type scanner struct {
	judge    *judge
	seed     maphash.Seed
	line     int
	returned bool      // a carriage return has been reported
	families []*family // in order of appearance
	byName   map[string]*family
	findings []Finding
}

func scan(data []byte, seed maphash.Seed) *scanner {
	s := &scanner{judge: newJudge(), seed: seed, byName: map[string]*family{}}
	for line := range bytes.Lines(data) {
		s.line++
		if rest, ok := bytes.CutPrefix(line, []byte(byteOrderMark)); ok && s.line == 1 {
			s.report(FileDropped, "", "file begins with a byte order mark", "save it as UTF-8 without one")
			line = rest
		}
		line, complete := bytes.CutSuffix(line, []byte("\n"))
		if !complete && len(bytes.Trim(line, " \t")) > 0 {
			s.report(FileDropped, "", "the last line has no newline", "end the file with a newline")
		}
		s.read(line)
	}
	return s
}

func (s *scanner) report(effect Effect, metric, message, remedy string) {
	s.findings = append(s.findings, Finding{Line: s.line, Metric: metric, Effect: effect, Message: message, Remedy: remedy})
}

// dropped reports whether node_exporter takes nothing from the file.
func (s *scanner) dropped() bool {
	for _, f := range s.findings {
		if f.Effect == FileDropped {
			return true
		}
	}
	return false
}

// read takes one line, without its newline.
func (s *scanner) read(line []byte) {
	text := bytes.TrimLeft(line, " \t")
	switch {
	case len(text) == 0:
	case text[0] == '#':
		s.comment(line, bytes.TrimLeft(text[1:], " \t"))
	case text[0] == '"':
		s.report(FileDropped, "", quotedName, "")
	case text[0] == '{':
		s.braces(text[1:])
	default:
		s.sample(line, text)
	}
}

// braces takes a sample with no name before its labels. It is not given to the
// parser: one release after another crashes over such lines, the current one if
// a histogram or summary is named inside the braces.
func (s *scanner) braces(inside []byte) {
	quoted, ok := bytes.CutPrefix(bytes.TrimLeft(inside, " \t"), []byte(`"`))
	if !ok {
		s.report(HostLost, "", "no metric name before the brace: releases of node_exporter crash over it", "")
		return
	}
	name, _, _ := bytes.Cut(quoted, []byte(`"`))
	if f := s.known(string(name)); f != nil && (f.compound() || f.typ == gaugeHistogram) {
		s.report(HostLost, f.name, "name of a "+f.typ+" in braces: node_exporter crashes over it", "")
		return
	}
	s.report(FileDropped, "", quotedName, "")
}

// parse has a line judged. A carriage return at its end is told once for the
// file, and then left out.
func (s *scanner) parse(header string, line []byte) (mf *dto.MetricFamily, ok bool) {
	mf, objection := s.judge.parse(header, line)
	if trimmed := bytes.TrimRight(line, "\r"); objection != "" && len(trimmed) < len(line) {
		if !s.returned {
			s.returned = true
			s.report(FileDropped, "", "line ends in a carriage return", "convert the file to Unix line ends")
		}
		if len(bytes.Trim(trimmed, " \t")) == 0 {
			return nil, false
		}
		mf, objection = s.judge.parse(header, trimmed)
	}
	if objection != "" {
		s.report(FileDropped, "", objection, "")
	}
	return mf, objection == ""
}
