package textfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief is what most tests compare: where, which metric, and what becomes of it.
func brief(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s:%d %s %v", filepath.Base(f.File), f.Line, f.Metric, f.Effect))
	}
	return lines
}

func TestLintTellsAllFaultsOfAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, dir, "a.prom", strings.Join([]string{
		"# HELP x_bytes Help.",
		"# TYPE x_bytes gauge",
		`x_bytes{a="1"} 1`,
		`x_bytes{a="2"} one`,
		`x_bytes{a="1"} 2`,
		`x_bytes{b="1"} 3`,
		`x_bytes{a="4"} 4 1700000000000`,
		`{a="1"} 1`,
		`{"x.y"} 1`,
		"# TYPE x_bytes gauge",
		"# HELP x_bytes Help.",
		"# HELP y_bytes \xff",
		`y_bytes{__a="1"} 1`,
		"# TYPE z_bytes gaugehistogram",
		`z_bytes_bucket{le="1"} 1`,
		"node_textfile_scrape_error 7\r",
		"another_bytes 1\r",
		"last_bytes 1",
	}, "\n"))
	want := []string{
		"a.prom:4  file dropped",
		"a.prom:5 x_bytes samples lost",
		"a.prom:6 x_bytes style",
		"a.prom:7 x_bytes file dropped",
		"a.prom:8  host lost",
		"a.prom:9  file dropped",
		"a.prom:10 x_bytes file dropped",
		"a.prom:11 x_bytes file dropped",
		"a.prom:12 y_bytes host lost",
		"a.prom:13 y_bytes host lost",
		"a.prom:14 z_bytes style",
		"a.prom:15 z_bytes host lost",
		"a.prom:16  file dropped",
		"a.prom:16 node_textfile_scrape_error style",
		"a.prom:17 another_bytes style",
		"a.prom:18 last_bytes style",
		"a.prom:18  file dropped",
	}
	if diff := cmp.Diff(want, brief(Lint([]string{dir}))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// Messages across files name the place of the first, and stay few.
func TestLintComparesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var series strings.Builder
	for i := range 50 {
		fmt.Fprintf(&series, "x{a=\"%d\"} 1\n", i)
	}
	writeFile(t, dir, "a.prom", head+series.String())
	writeFile(t, dir, "b.prom", "\n"+head+series.String())
	got := Lint([]string{dir})
	want := []Finding{{
		File: filepath.Join(dir, "b.prom"), Line: 4, Metric: "x", Effect: SamplesLost,
		Message: fmt.Sprintf("is the same series as %s:3, which is served, and so for 49 more", filepath.Join(dir, "a.prom")),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A real node_exporter may have dropped its own metric or the file's, so this
// part of the contract is not compared with it.
func TestLintKnowsBuiltins(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"node_textfile_scrape_error", "node_textfile_mtime_seconds", "node_exporter_build_info",
		"node_scrape_collector_success", "go_memstats_alloc_bytes", "process_open_fds",
	} {
		dir := t.TempDir()
		writeFile(t, dir, "a.prom", name+" 1\n")
		if got := gravest(Lint([]string{dir})); got != SamplesLost {
			t.Errorf("%s: %v, want %v", name, got, SamplesLost)
		}
	}
}

func TestLintOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(path string) error
		want []string
	}{
		{"directory", func(path string) error { return os.Mkdir(path, 0o755) }, []string{"a.prom:0  unreadable"}},
		{"dangling link", func(path string) error { return os.Symlink("nowhere", path) }, []string{"a.prom:0  unreadable"}},
		{"FIFO", func(path string) error { return syscall.Mkfifo(path, 0o644) }, []string{"a.prom:0  host lost"}},
		{"too large", func(path string) error {
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				return err
			}
			return os.Truncate(path, maxFileSize+1)
		}, []string{"a.prom:0  unreadable"}},
		{"only its owner may", func(path string) error { return os.WriteFile(path, nil, 0o600) }, []string{"a.prom:0  style"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := tt.make(filepath.Join(dir, "a.prom")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, brief(Lint([]string{dir}))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLintOfPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, dir, "a.prom", "x one\n")
	writeFile(t, dir, "b.txt", "x two\n")
	tests := []struct {
		name, path string
		want       []string
	}{
		{"missing directory", filepath.Join(dir, "none"), []string{"none:0  unreadable"}},
		{"pattern without a match", filepath.Join(dir, "n*"), []string{"n*:0  unreadable"}},
		{"malformed pattern", filepath.Join(dir, "["), []string{"[:0  unreadable"}},
		{"single file", filepath.Join(dir, "a.prom"), []string{"a.prom:1  file dropped"}},
		{"single file of another name", filepath.Join(dir, "b.txt"), []string{"b.txt:1  file dropped"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, brief(Lint([]string{tt.path}))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLintBoundsFindings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, dir, "a.prom", strings.Repeat("no textfile\n", 2*maxFindings)+"{a=\"1\"} 1\n")
	got := Lint([]string{dir})
	if len(got) != maxFindings+1 {
		t.Fatalf("%d findings, want %d", len(got), maxFindings+1)
	}
	if worst := gravest(got); worst != HostLost {
		t.Errorf("the gravest finding listed is %v, want %v", worst, HostLost)
	}
	if last := got[maxFindings].Message; !strings.Contains(last, strconv.Itoa(maxFindings+1)) {
		t.Errorf("last message is %q, want the number of those left out", last)
	}
}

func TestFindingError(t *testing.T) {
	t.Parallel()
	f := Finding{File: "a.prom", Line: 3, Metric: "x", Effect: FileDropped, Message: "has a timestamp", Remedy: "leave it out"}
	if got, want := f.Error(), "a.prom:3: x: has a timestamp (file dropped); leave it out"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if Style.LosesData() || !SamplesLost.LosesData() || !HostLost.LosesData() {
		t.Error("LosesData does not tell style from loss")
	}
}

func TestWriteKeepsOldFileWhenCheckFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.prom")
	if err := Write(path, writeText(head+"x 1\n")); err != nil {
		t.Fatal(err)
	}
	err := Write(path, writeText(head+"x one\n"))
	var got Finding
	if !asFinding(err, &got) || got.Line != 3 {
		t.Errorf("err = %v, want a Finding for line 3", err)
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != head+"x 1\n" {
		t.Errorf("file holds %q, %v, want the old text", data, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
		t.Errorf("mode %v, %v, want %#o", info.Mode(), err, mode)
	}
}
