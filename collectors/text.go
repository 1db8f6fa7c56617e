package collectors

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
)

// WriteText writes the look in the classic text format, as expfmt does, sample
// by sample, so that memory does not grow with the host. Who asks for families
// as values has expfmt write them; to make a value of every sample first takes
// four times as long.
func WriteText(w io.Writer, l Look, cs []Collector, logger *slog.Logger) error {
	buf := make([]byte, 0, 2*flushAt)
	return l.each(cs, logger, func(f Family) (Emitter, func() error) {
		t := &textFamily{w: w, family: f, buf: buf[:0]}
		return t, t.flush
	})
}

// flushAt is how much text is written at a time, in bytes.
const flushAt = 32 << 10

// A textFamily writes one family. Without a sample it is not even mentioned.
type textFamily struct {
	w      io.Writer
	family Family
	begun  bool
	buf    []byte
	err    error // of writing, reported by flush
}

func (t *textFamily) Value(value float64, labelValues ...string) {
	t.begin(labelValues)
	t.sample("", labelValues, nil, value)
	t.end()
}

func (t *textFamily) Histogram(h Histogram, labelValues ...string) {
	t.begin(labelValues)
	for i, bound := range h.Bounds {
		t.sample("_bucket", labelValues, &bound, float64(h.Counts[i]))
	}
	inf := math.Inf(1)
	t.sample("_bucket", labelValues, &inf, float64(h.Count))
	t.sample("_sum", labelValues, nil, h.Sum)
	t.sample("_count", labelValues, nil, float64(h.Count))
	t.end()
}

// begin writes the header before the first sample.
func (t *textFamily) begin(labelValues []string) {
	f := &t.family
	if len(labelValues) != len(f.Labels) {
		panic(fmt.Sprintf("%s: %d label values for %d labels", f.Name, len(labelValues), len(f.Labels)))
	}
	if t.begun {
		return
	}
	t.begun = true
	t.buf = append(append(t.buf, "# HELP "...), f.Name...)
	t.buf = appendEscaped(append(t.buf, ' '), f.Help, false)
	t.buf = append(append(t.buf, "\n# TYPE "...), f.Name...)
	t.buf = append(append(t.buf, ' '), strings.ToLower(f.Type.String())...)
	t.buf = append(t.buf, '\n')
}

// sample writes one line; le is the bound of a bucket.
func (t *textFamily) sample(suffix string, labelValues []string, le *float64, value float64) {
	b := append(append(t.buf, t.family.Name...), suffix...)
	open := byte('{')
	for i, name := range t.family.Labels {
		b = append(append(append(b, open), name...), `="`...)
		b = append(appendEscaped(b, labelValues[i], true), '"')
		open = ','
	}
	if le != nil {
		b = append(append(b, open), `le="`...)
		b = append(appendFloat(b, *le), '"')
		open = ','
	}
	if open == ',' {
		b = append(b, '}')
	}
	t.buf = append(appendFloat(append(b, ' '), value), '\n')
}

// end hands over what has been written once it is enough.
func (t *textFamily) end() {
	if len(t.buf) >= flushAt {
		_ = t.flush() // which keeps the error
	}
}

func (t *textFamily) flush() error {
	if t.err == nil && len(t.buf) > 0 {
		_, t.err = t.w.Write(t.buf)
	}
	t.buf = t.buf[:0]
	return t.err
}

// appendEscaped appends text with a backslash before every backslash and quote,
// which only label values have to escape, and newlines as \n.
func appendEscaped(b []byte, text string, quotes bool) []byte {
	done := 0
	for i := range len(text) {
		escaped := text[i]
		switch {
		case escaped == '\n':
			escaped = 'n'
		case escaped != '\\' && (escaped != '"' || !quotes):
			continue
		}
		b = append(append(b, text[done:i]...), '\\', escaped)
		done = i + 1
	}
	return append(b, text[done:]...)
}

// appendFloat appends value as expfmt writes it. Below a million, a whole number
// is no more than its digits.
func appendFloat(b []byte, value float64) []byte {
	if whole := int64(value); whole > -1e6 && whole < 1e6 && float64(whole) == value {
		return strconv.AppendInt(b, whole, 10)
	}
	return strconv.AppendFloat(b, value, 'g', -1, 64)
}
