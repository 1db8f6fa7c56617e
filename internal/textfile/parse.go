package textfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// A parseFault is the first fault that one of several parsers came upon.
type parseFault struct {
	err    error
	before int // lines of the file that precede the piece
}

// parsePieces parses every piece as node_exporter would parse a file and gives
// its buffer back. After a fault it goes on taking pieces, so that their sender
// never waits for it in vain; they come in the order of the file.
func parsePieces(pieces <-chan piece, free chan<- []byte) parseFault {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	var first parseFault
	for p := range pieces {
		if first.err == nil {
			first = parseFault{parsePiece(&parser, p), p.before}
		}
		free <- p.text[:0]
	}
	return first
}

func parsePiece(parser *expfmt.TextParser, p piece) error {
	families, err := parser.TextToMetricFamilies(bytes.NewReader(p.text))
	if fault, ok := errors.AsType[expfmt.ParseError](err); ok {
		return Finding{Line: p.before + fault.Line, Effect: FileDropped, Message: fault.Msg}
	}
	if err != nil {
		return fmt.Errorf("parse lines after %d: %w", p.before, err)
	}
	for _, f := range styleProblems(families) {
		f.Line = p.before + headerLine(p.text, f.Metric)
		return f
	}
	return nil
}

// headerLine is the number of the line, from 1, at which a family begins.
func headerLine(text []byte, metric string) int {
	header := []byte("# HELP " + metric + " ")
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if bytes.HasPrefix(line, header) {
			break
		}
	}
	return number
}
