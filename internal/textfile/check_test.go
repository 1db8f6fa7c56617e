package textfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

const (
	head     = "# HELP x Help.\n# TYPE x gauge\n"
	histHead = "# HELP x Help.\n# TYPE x histogram\n"
	sumHead  = "# HELP x Help.\n# TYPE x summary\n"
)

// Both tables also feed the fuzz tests.
var checkAccepts = []struct{ name, text string }{
	{"gauge", head + "x 1\n"},
	{"labels", head + "x{a=\"1\",b=\"2\"} 1\nx{a=\"1\",b=\"3\"} 2\n"},
	{"escapes and non-ASCII values", head + "x{a=\"\\\\ \\\" \\n {,} ü\"} NaN\n"},
	{"untyped", "# HELP x Help.\n# TYPE x untyped\nx -Inf\n"},
	{"family without samples", head + "# HELP y_total Help.\n# TYPE y_total counter\ny_total 1e+06\n"},
	{"histogram", histHead +
		"x_bucket{a=\"1\",le=\"1\"} 1\nx_bucket{a=\"1\",le=\"+Inf\"} 2\nx_sum{a=\"1\"} 0.5\nx_count{a=\"1\"} 2\n" +
		"x_bucket{a=\"2\",le=\"+Inf\"} 1e+06\nx_sum{a=\"2\"} 0.5\nx_count{a=\"2\"} 1e+06\n"},
	{"histogram without labels", histHead + "x_bucket{le=\"+Inf\"} 2\nx_sum 0.5\nx_count 2\n"},
	{"summary", sumHead + "x{quantile=\"0.5\"} 1\nx{quantile=\"1\"} 2\nx_sum 3\nx_count 2\n"},
	{"summary without quantiles", sumHead + "x_sum{a=\"1\"} 3\nx_count{a=\"1\"} 2\n"},
}

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range checkAccepts {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := Check(strings.NewReader(tt.text)); err != nil {
				t.Error(err)
			}
		})
	}
}

var checkRejects = []struct {
	name, text string
	line       int
	effect     Effect
	message    string // a part of it
}{
	{"empty file", "", 0, SamplesLost, "empty"},
	{"no final newline", head + "x 1", 3, FileDropped, "no newline"},
	{"CRLF", "# HELP x Help.\r\n", 1, FileDropped, "carriage return"},
	{"byte order mark", byteOrderMark + head, 1, FileDropped, "byte order mark"},
	{"timestamp", head + "x 1 1700000000000\n", 3, FileDropped, "timestamp"},
	{"exemplar", head + "x 1 # {a=\"1\"} 1\n", 3, FileDropped, "timestamp"},
	{"no value", head + "x \n", 3, FileDropped, "expected float"},
	{"value is no number", head + "x one\n", 3, FileDropped, "expected float"},
	{"hex float", head + "x 0x1p4\n", 3, FileDropped, "expected float"},
	{"invalid escape", head + "x{a=\"\\t\"} 1\n", 3, FileDropped, "escape"},
	{"invalid UTF-8 in a value", head + "x{a=\"\xff\"} 1\n", 3, FileDropped, "UTF-8"},
	{"invalid UTF-8 in HELP", "# HELP x \xff\n", 1, HostLost, "Prometheus refuses"},
	{"UTF-8 metric name", "# HELP x.y Help.\n", 1, FileDropped, "metric name"},
	{"UTF-8 name in braces", head + "{\"x.y\"} 1\n", 3, HostLost, "no metric name"},
	{"quoted label name", head + "x{\"a.b\"=\"1\"} 1\n", 3, FileDropped, "label name"},
	{"sample without name", head + "{a=\"1\"} 1\n", 3, HostLost, "no metric name"},
	{"reserved label name", head + "x{__a=\"1\"} 1\n", 3, HostLost, "__"},
	{"label twice", head + "x{a=\"1\",a=\"2\"} 1\n", 3, FileDropped, "duplicate label"},
	{"unclosed labels", head + "x{a=\"1\" 1\n", 3, FileDropped, "closing brace"},
	{"unclosed value", head + "x{a=\"1} 1\n", 3, FileDropped, "closing quote"},
	{"blank in braces", head + "x{a=\"1\", b=\"1\"} 1\n", 3, FileDropped, "label name"},
	{"two blanks", head + "x  1\n", 3, FileDropped, "after its value"},
	{"series twice", head + "x{a=\"1\"} 1\nx{a=\"1\"} 2\n", 4, SamplesLost, "second time"},
	{"labels differ", head + "x{a=\"1\"} 1\nx{b=\"1\"} 2\n", 4, Style, "labels differ"},
	{"label missing", head + "x{a=\"\"} 1\nx 2\n", 4, Style, "labels differ"},
	{"family twice", head + "x 1\n" + head, 4, FileDropped, "second HELP"},
	{"family in two parts", head + "# HELP y Help.\n# TYPE y gauge\ny 1\nx 1\n", 6, Style, "another metric"},
	{"no HELP", "# TYPE x gauge\n", 1, Style, "follow its HELP"},
	{"empty HELP", "# HELP x \n", 1, SamplesLost, "HELP is empty"},
	{"no TYPE", "# HELP x Help.\nx 1\n", 2, Style, "expected HELP and TYPE"},
	{"HELP alone", "# HELP x Help.\n", 1, Style, "not followed by TYPE"},
	{"second TYPE", head + "# TYPE x gauge\n", 3, FileDropped, "second TYPE"},
	{"TYPE after samples", head + "x 1\n# TYPE x gauge\n", 4, Style, "directly follow"},
	{"unknown TYPE", "# HELP x Help.\n# TYPE x info\n", 2, FileDropped, "unknown TYPE"},
	{"gauge histogram", "# HELP x Help.\n# TYPE x gauge_histogram\n", 2, HostLost, "crashes"},
	{"comment", head + "# x\n", 3, Style, "another metric"},
	{"blank line", head + "\n", 3, FileDropped, "expected a sample"},
	{"built-in name", "# HELP node_textfile_scrape_error Help.\n", 1, SamplesLost, "itself"},
	{"style", "# HELP x_total Help.\n# TYPE x_total gauge\nx_total 1\n", 1, Style, "_total"},
	{"count beside summary", sumHead + "# HELP x_count Help.\n# TYPE x_count untyped\n", 3, FileDropped, "shares a sample name"},
	{"summary beside count", "# HELP x_count Help.\n# TYPE x_count untyped\n" + sumHead, 4, SamplesLost, "shares a sample name"},
	{"bucket without le", histHead + "x_bucket 1\n", 3, SamplesLost, "no le label"},
	{"bucket twice", histHead + "x_bucket{le=\"1\"} 1\nx_bucket{le=\"1.0\"} 1\n", 4, SamplesLost, "does not rise"},
	{"le is no number", histHead + "x_bucket{le=\"NaN\"} 1\n", 3, SamplesLost, "not a number"},
	{"le is not last", histHead + "x_bucket{le=\"1\",a=\"1\"} 1\n", 3, FileDropped, "not the last"},
	{"float bucket", histHead + "x_bucket{le=\"1\"} 1.5\n", 3, SamplesLost, "whole number"},
	{"no +Inf bucket", histHead + "x_bucket{le=\"1\"} 1\nx_sum 1\n", 4, SamplesLost, "+Inf"},
	{"no sum", histHead + "x_bucket{le=\"+Inf\"} 1\nx_count 1\n", 4, SamplesLost, "sum is missing"},
	{"no count", histHead + "x_bucket{le=\"+Inf\"} 1\nx_sum 1\n", 4, SamplesLost, "no count"},
	{"bucket after sum", histHead + "x_bucket{le=\"+Inf\"} 1\nx_sum 1\nx_bucket{le=\"+Inf\"} 1\n", 5, SamplesLost, "after the sum"},
	{"second sum", sumHead + "x_sum 1\nx_sum 1\n", 4, SamplesLost, "second sum"},
	{"sum with quantile", sumHead + "x_sum{quantile=\"1\"} 1\n", 3, SamplesLost, "no quantile"},
	{"count with quantile", sumHead + "x_sum 1\nx_count{quantile=\"1\"} 1\n", 4, SamplesLost, "no le or quantile"},
	{"negative count", sumHead + "x_sum 1\nx_count -1\n", 4, SamplesLost, "whole number"},
	{"bare histogram sample", histHead + "x 1\n", 3, SamplesLost, "ignored"},
	{"next series too early", sumHead + "x_sum{a=\"1\"} 1\nx_sum{a=\"2\"} 1\n", 4, SamplesLost, "not complete"},
	{"summary twice", sumHead + "x_sum 1\nx_count 1\nx_sum 1\nx_count 1\n", 5, SamplesLost, "second time"},
	{"line too long", head + "x{a=\"" + strings.Repeat("a", maxLine) + "\"} 1\n", 3, Style, "longer than"},
}

func TestCheckRejects(t *testing.T) {
	t.Parallel()
	for _, tt := range checkRejects {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := Check(strings.NewReader(tt.text))
			var got Finding
			if !errors.As(err, &got) {
				t.Fatalf("err = %v, want a Finding", err)
			}
			if got.Line != tt.line || got.Effect != tt.effect || !strings.Contains(got.Message, tt.message) {
				t.Errorf("got %v\nwant line %d, %q, effect %v", got, tt.line, tt.message, tt.effect)
			}
		})
	}
}

// Faults late in a large file show that line numbers survive the cutting, on
// both sides of the two goroutines, and that the first of two faults is told.
func TestCheckNamesTheLineInALargeFile(t *testing.T) {
	t.Parallel()
	const lines = 5 * pieceLines
	tests := []struct {
		name   string
		faults map[int]string
		want   int
	}{
		{"found by the form", map[int]string{4321: "x{a=\"late\"} 1 2"}, 4321},
		{"found by the parser", map[int]string{4321: "x{a=\"late\"} one"}, 4321},
		{"parser before form", map[int]string{1234: "x{a=\"late\"} one", 4321: ""}, 1234},
		{"parser before form in one piece", map[int]string{4311: "x{a=\"late\"} one", 4321: ""}, 4311},
		{"form before parser", map[int]string{1234: "", 4321: "x{a=\"late\"} one"}, 1234},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Split(head, "\n")[:2]
			for i := range lines {
				text = append(text, fmt.Sprintf("x{a=\"%d\"} 1", i))
			}
			for line, fault := range tt.faults {
				text[line-1] = fault
			}
			err := Check(strings.NewReader(strings.Join(text, "\n") + "\n"))
			var got Finding
			if !errors.As(err, &got) || got.Line != tt.want {
				t.Errorf("err = %v, want line %d", err, tt.want)
			}
		})
	}
}

// A histogram may be as long as a piece is large, and no longer.
func TestCheckNeverCutsAHistogram(t *testing.T) {
	t.Parallel()
	buckets := func(n int) string {
		var b strings.Builder
		b.WriteString(histHead)
		for i := range n {
			fmt.Fprintf(&b, "x_bucket{le=\"%d\"} %d\n", i, i)
		}
		fmt.Fprintf(&b, "x_bucket{le=\"+Inf\"} %d\nx_sum 1\nx_count %d\n", n, n)
		return b.String()
	}
	if err := Check(strings.NewReader(buckets(5 * pieceLines))); err != nil {
		t.Error(err)
	}
	var got Finding
	if err := Check(strings.NewReader(buckets(100 * pieceLines))); !errors.As(err, &got) || !strings.Contains(got.Message, "larger than") {
		t.Errorf("err = %v, want one that says it is too large", err)
	}
}

func TestCheckReturnsErrorOfReader(t *testing.T) {
	t.Parallel()
	r := io.MultiReader(strings.NewReader(head), iotest.ErrReader(os.ErrDeadlineExceeded))
	if err := Check(r); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("err = %v, want %v", err, os.ErrDeadlineExceeded)
	}
}

func writeText(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func asFinding(err error, f *Finding) bool { return errors.As(err, f) }
