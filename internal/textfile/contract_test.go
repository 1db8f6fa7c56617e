package textfile

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
)

// accepted stands for no loss in the tables below, where Style would be wrong
// for a real process: it has no taste.
const accepted = Style

// debianVersion is the release in Debian 12. Where it differs from the current
// one, of which Lint speaks, the rows below say so.
const debianVersion = "1.5.0"

// Each row is a hostile directory, what Lint says of it, and what a real
// node_exporter does with it.
var contract = []struct {
	name   string
	files  []string // content of a.prom, b.prom, ...
	want   Effect
	lost   []string // series that the files hold and the page does not
	served []string // series on the page
	debian *Effect  // what debianVersion does; nil: as want
}{
	{name: "plain", files: []string{head + "x 1\n"}, served: []string{"x"}},
	{name: "empty file", files: []string{""}},
	{name: "negative counter", files: []string{"# HELP x_total H.\n# TYPE x_total counter\nx_total -1\n"}, served: []string{"x_total"}},
	{name: "NaN and Inf", files: []string{"x NaN\ny +Inf\n"}, served: []string{"x", "y"}},
	{name: "EOF and UNIT comments", files: []string{head + "# UNIT x bytes\nx 1\n# EOF\n"}, served: []string{"x"}},
	{name: "family in two parts", files: []string{"x{a=\"1\"} 1\ny 1\nx{a=\"2\"} 1\n"}, served: []string{`x{a="1"}`, `x{a="2"}`, "y"}},
	{name: "escapes", files: []string{"x{a=\"\\n \\\" \\\\\"} 1\n"}, served: []string{`x{a="\n \" \\"}`}},
	{name: "non-ASCII value", files: []string{"x{a=\"ü\"} 1\n"}, served: []string{`x{a="ü"}`}},
	{
		name: "histogram without +Inf", files: []string{histHead + "x_bucket{le=\"1\"} 1\nx_count 3\n"},
		served: []string{`x_bucket{le="1"}`, `x_bucket{le="+Inf"}`},
	},
	{name: "blanks at the end", files: []string{"x 1\n  "}, served: []string{"x"}},
	{name: "labels differ", files: []string{"x{a=\"1\"} 1\nx 2\n"}, served: []string{`x{a="1"}`, `x{a=""}`}},

	{name: "no final newline", files: []string{"x 1"}, want: FileDropped, lost: []string{"x"}},
	{name: "CRLF", files: []string{"x 1\r\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "byte order mark", files: []string{byteOrderMark + "x 1\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "syntax error", files: []string{"x 1\ny one\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "hex float", files: []string{"x 0x1p4\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "invalid UTF-8 in a value", files: []string{"x{a=\"\xff\"} 1\n"}, want: FileDropped},
	{name: "UTF-8 metric name", files: []string{"{\"x.y\"} 1\n"}, want: FileDropped},
	{name: "TYPE info", files: []string{"# TYPE x info\nx 1\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "second HELP", files: []string{"# HELP x A.\n# HELP x A.\nx 1\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "TYPE after samples", files: []string{"x 1\n# TYPE x gauge\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "exemplar", files: []string{"x 1 # {a=\"1\"} 1\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "timestamp", files: []string{"x 1 1700000000000\n"}, want: FileDropped, lost: []string{"x"}},
	{name: "label twice", files: []string{"x{a=\"1\",a=\"2\"} 1\n"}, want: FileDropped},
	{name: "a fault costs only its file", files: []string{"x one\n", "y 1\n"}, want: FileDropped, served: []string{"y"}},

	{name: "series twice in a file", files: []string{"x{a=\"1\"} 1\nx{a=\"1\"} 2\n"}, want: SamplesLost},
	{name: "empty label beside none", files: []string{"x{a=\"\"} 1\nx 2\n"}, want: SamplesLost, lost: []string{"x"}},
	{name: "series in two files", files: []string{"x 1\n", "x 2\n"}, want: SamplesLost, served: []string{"x"}},
	{
		name: "TYPE differs", files: []string{head + "x{a=\"1\"} 1\n", "# HELP x Help.\n# TYPE x counter\nx{a=\"2\"} 1\n"},
		want: SamplesLost, lost: []string{`x{a="2"}`}, served: []string{`x{a="1"}`},
	},
	{
		name: "HELP missing in the second file", files: []string{"# HELP x A.\nx{a=\"1\"} 1\n", "x{a=\"2\"} 1\n"},
		want: SamplesLost, lost: []string{`x{a="2"}`}, served: []string{`x{a="1"}`},
	},
	{
		name: "HELP missing in the first file", files: []string{"x{a=\"1\"} 1\n", "# HELP x A.\nx{a=\"2\"} 1\n"},
		want: SamplesLost, lost: []string{`x{a="2"}`}, served: []string{`x{a="1"}`},
	},
	{
		name: "HELP missing in both files", files: []string{"x{a=\"1\"} 1\n", "x{a=\"2\"} 1\n"},
		served: []string{`x{a="1"}`, `x{a="2"}`},
	},
	{
		name: "bare sample of a histogram", files: []string{histHead + "x_bucket{le=\"+Inf\"} 1\nx_count 1\nx 7\n"},
		want: SamplesLost, lost: []string{"x"},
	},
	{
		name: "quantile twice", files: []string{sumHead + "x{quantile=\"1\"} 1\nx{quantile=\"1.0\"} 2\n"},
		want: SamplesLost, lost: []string{`x{quantile="1.0"}`},
	},
	{
		name: "gauge named like the count of a summary", files: []string{sumHead + "x_sum 1\nx_count 1\n", "x_count{a=\"1\"} 1\n"},
		want: SamplesLost, lost: []string{`x_count{a="1"}`},
	},
	{
		name: "float histogram", files: []string{histHead + "x_bucket{le=\"+Inf\"} 1.5\nx_sum 1\nx_count 1.5\n"},
		want: SamplesLost,
		// Its parser has no float histograms and cuts the fraction off.
		debian: new(accepted),
	},
	// Which of the two is dropped is a matter of timing, so only the effect of
	// HELP is certain: the second to arrive has another and is lost.
	{
		name: "built-in of the process", files: []string{"# HELP go_goroutines Mine.\ngo_goroutines{a=\"1\"} 7\n"},
		want: SamplesLost, lost: []string{`go_goroutines{a="1"}`},
	},

	{
		name: "HELP differs", files: []string{"# HELP x A.\nx{a=\"1\"} 1\n", "# HELP x B.\nx{a=\"2\"} 1\n"},
		want: FamilyLost, lost: []string{`x{a="2"}`}, served: []string{`x{a="1"}`},
		// It compares no HELP itself; the registry drops the samples silently.
		debian: new(SamplesLost),
	},
	{
		name:  "HELP differs, and the third file has none",
		files: []string{"# HELP x A.\nx{a=\"1\"} 1\n", "# HELP x B.\nx{a=\"2\"} 1\n", "x{a=\"3\"} 1\n"},
		want:  HostLost, lost: []string{`x{a="2"}`, `x{a="3"}`},
		// As above: without the comparison there is no nil to follow.
		debian: new(SamplesLost),
	},

	{name: "reserved label name", files: []string{"x{__a=\"1\"} 1\n"}, want: HostLost},
	{
		name: "sample without name", files: []string{"{a=\"1\"} 1\n"}, want: HostLost,
		// The parser crashes since it reads names inside braces, which is later.
		debian: new(FileDropped),
	},
	{
		name: "name of a histogram in braces", files: []string{histHead + "y 1\n{\"x\",a=\"1\"} 1\n"}, want: HostLost,
		// As above.
		debian: new(FileDropped),
	},
	{
		name: "gauge histogram", files: []string{"# TYPE x gauge_histogram\nx_bucket{le=\"1\"} 1\nx_count 1\n"}, want: HostLost,
		// Its parser does not join the parts, and serves them untyped.
		debian: new(accepted),
	},
	{name: "bare gauge histogram", files: []string{"# TYPE x gauge_histogram\nx 1\n"}, want: HostLost},
}

func TestLintSaysWhatNodeExporterDoes(t *testing.T) {
	t.Parallel()
	for _, tt := range contract {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for i, content := range tt.files {
				writeFile(t, dir, fmt.Sprintf("%c.prom", 'a'+i), content)
			}

			findings := Lint([]string{dir})
			if got := gravest(findings); got != tt.want {
				t.Errorf("Lint says %v, want %v:\n%v", got, tt.want, findings)
			}

			e := nodeexportertest.Start(t, dir)
			want := tt.want
			if tt.debian != nil && strings.Contains(e.Log(), "version="+debianVersion) {
				want = *tt.debian
			}
			if got := observe(t, e, len(tt.files), tt.lost, tt.served); got != want {
				t.Errorf("node_exporter: %v, want %v:\n%s", got, want, e.Log())
			}
		})
	}
}

// observe scrapes a real node_exporter and says what became of the files.
func observe(t *testing.T, e *nodeexportertest.Exporter, files int, lost, served []string) Effect {
	t.Helper()
	e.Scrape(t) // its faults are counted on the next page
	page, ok := e.Scrape(t)
	if !ok {
		return HostLost
	}
	for _, series := range served {
		if _, ok := page[series]; !ok {
			t.Errorf("%s is not on the page", series)
		}
	}
	for _, series := range lost {
		if _, ok := page[series]; ok {
			t.Errorf("%s is on the page", series)
		}
	}
	read := 0
	for series := range page {
		if strings.HasPrefix(series, "node_textfile_mtime_seconds{") {
			read++
		}
	}
	inconsistent := page[`promhttp_metric_handler_errors_total{cause="gathering"}`] != "0"
	switch {
	case page["node_textfile_scrape_error"] == "0" && (inconsistent || len(lost) > 0):
		return SamplesLost
	case page["node_textfile_scrape_error"] == "0":
		return accepted
	case read == files:
		return FamilyLost
	}
	return FileDropped
}

func writeFile(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// gravest is the worst effect of all findings.
func gravest(findings []Finding) Effect {
	worst := accepted
	for _, f := range findings {
		worst = max(worst, f.Effect)
	}
	return worst
}

// Every file here has a fault, so that Lint and node_exporter name all they
// collect.
func TestLintDiscoversWhatNodeExporterDoes(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "one")
	for _, d := range []string{"one", "one/sub", "one/dir.prom", "two"} {
		if err := os.Mkdir(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		"one/plain.prom", "one/.hidden.prom", "one/sub/deep.prom", "one/plain.prom.tmp", "one/UPPER.PROM", "two/linked.txt",
	} {
		writeFile(t, root, name, "x one\n")
	}
	for link, target := range map[string]string{"link.prom": "../two/linked.txt", "dangling.prom": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}

	for _, path := range []string{dir, filepath.Join(root, "on?")} {
		var got []string
		for _, f := range Lint([]string{path}) {
			got = append(got, filepath.Base(f.File))
		}
		want := []string{".hidden.prom", "dangling.prom", "dir.prom", "link.prom", "plain.prom"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Lint of %s (-want +got):\n%s", path, diff)
		}
		// Debian's release takes the failing read of a directory for its end.
		want = slices.DeleteFunc(want, func(name string) bool { return name == "dir.prom" })
		if diff := cmp.Diff(want, collected(t, path)); diff != "" {
			t.Errorf("node_exporter of %s (-want +got):\n%s", path, diff)
		}
	}
}

// collected lists the files that a real node_exporter objects to, save dir.prom.
func collected(t *testing.T, path string) []string {
	t.Helper()
	e := nodeexportertest.Start(t, path)
	if _, ok := e.Scrape(t); !ok {
		t.Fatalf("crashed:\n%s", e.Log())
	}
	e.Stop()
	var names []string
	for _, m := range regexp.MustCompile(` file=(\S+) err=`).FindAllStringSubmatch(e.Log(), -1) {
		if m[1] != "dir.prom" {
			names = append(names, m[1])
		}
	}
	return names
}
