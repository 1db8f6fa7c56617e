package textfile

import (
	"bytes"
	"errors"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// A judge has node_exporter's own parser say what it makes of a single line.
type judge struct {
	parser expfmt.TextParser
	text   []byte
	in     bytes.Reader
}

func newJudge() *judge {
	return &judge{parser: expfmt.NewTextParser(model.LegacyValidation)}
}

// parse judges a line, without its newline, after a header of whole lines. It
// returns the family that the line adds a sample to, nil if it adds none, or
// what the parser objects to.
func (j *judge) parse(header string, line []byte) (mf *dto.MetricFamily, objection string) {
	j.text = append(append(append(j.text[:0], header...), line...), '\n')
	j.in.Reset(j.text)
	families, err := j.parser.TextToMetricFamilies(&j.in)
	if fault, ok := errors.AsType[expfmt.ParseError](err); ok {
		return nil, fault.Msg
	}
	if err != nil {
		return nil, err.Error()
	}
	for _, mf := range families {
		return mf, "" // one line adds to one family
	}
	return nil, ""
}
