package textfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// parsePieces parses every piece as node_exporter would parse a file and gives
// its buffer back. It returns the first fault, and goes on taking pieces so that
// their sender never waits for it in vain.
func parsePieces(pieces <-chan piece, free chan<- []byte) error {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	var fault error
	for p := range pieces {
		if fault == nil {
			fault = parsePiece(&parser, p)
		}
		free <- p.text[:0]
	}
	return fault
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
