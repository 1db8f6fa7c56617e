package textfile

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ofValues is a file in which nothing but values differs, if nothing but values
// does.
func ofValues(values ...string) string {
	text := "# HELP x Help.\n# TYPE x histogram\nx_bucket{a=\"1\",le=\"1\"} V\nx_bucket{a=\"1\",le=\"+Inf\"} V\nx_sum{a=\"1\"} V\nx_count{a=\"1\"} V\n" +
		"# HELP y Help.\n# TYPE y gauge\ny{a=\"b c\"} V\n"
	for _, v := range values {
		text = strings.Replace(text, "V", v, 1)
	}
	return text
}

var someValues = ofValues("1", "2", "0.5", "2", "7")

// sections is what a file looks like to those who check it.
func section(text string) *io.SectionReader {
	return io.NewSectionReader(strings.NewReader(text), 0, int64(len(text)))
}

// after is a memory of the file.
func after(t *testing.T, text string) *memory {
	t.Helper()
	m := &memory{known: map[sum]bool{}}
	if err := m.check(section(text)); err != nil {
		t.Fatal(err)
	}
	m.known = m.now
	return m
}

func TestKnownFamiliesAreNotParsedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want string // what is read of it
	}{
		"the same":           {someValues, "# HELP x Help.\n# TYPE x histogram\n# HELP y Help.\n# TYPE y gauge\n"},
		"other values":       {ofValues("0", "1e+06", "NaN", "1e+06", "-Inf"), "# HELP x Help.\n# TYPE x histogram\n# HELP y Help.\n# TYPE y gauge\n"},
		"a series more":      {someValues + "y{a=\"d\"} 1\n", "# HELP x Help.\n# TYPE x histogram\n# HELP y Help.\n# TYPE y gauge\ny{a=\"b c\"} 7\ny{a=\"d\"} 1\n"},
		"a family less":      {head + "x 1\n", head + "x 1\n"},
		"a count in halves":  {ofValues("1", "2", "0.5", "2.5", "7"), strings.Replace(ofValues("1", "2", "0.5", "2.5", "7"), "y{a=\"b c\"} 7\n", "", 1)},
		"not a number":       {ofValues("1", "2", "0.5", "2", "0x1p4"), "# HELP x Help.\n# TYPE x histogram\n# HELP y Help.\n# TYPE y gauge\ny{a=\"b c\"} 0x1p4\n"},
		"beyond all numbers": {ofValues("1", "2", "0.5", "2", "1e999"), "# HELP x Help.\n# TYPE x histogram\n# HELP y Help.\n# TYPE y gauge\ny{a=\"b c\"} 1e999\n"},
		"other help":         {strings.Replace(someValues, "y Help", "y HELP", 1), "# HELP x Help.\n# TYPE x histogram\n# HELP y HELP.\n# TYPE y gauge\ny{a=\"b c\"} 7\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := after(t, someValues)
			parts, err := skim(strings.NewReader(test.text), m.build)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(m.unknown(strings.NewReader(test.text), parts))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("parsed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnotherBuildKnowsNothing(t *testing.T) {
	t.Parallel()
	m := after(t, someValues)
	m.build[0]++
	parts, err := skim(strings.NewReader(someValues), m.build)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if m.known[p.sum] {
			t.Errorf("knows %+v", p)
		}
	}
}

// Whatever has been accepted before, and whatever comes now, the verdict is that
// of Check, to the line.
func TestMemoryChangesNoVerdict(t *testing.T) {
	t.Parallel()
	for _, before := range checkAccepts {
		for _, row := range checkAccepts {
			wantVerdictOfCheck(t, before.text, row.text)
		}
		for _, row := range checkRejects {
			wantVerdictOfCheck(t, before.text, row.text)
			wantVerdictOfCheck(t, before.text, before.text+row.text)
		}
	}
}

// What is soon found to be no file of families reads the same with a memory.
func FuzzMemory(f *testing.F) {
	for _, row := range checkAccepts {
		f.Add([]byte(row.text), []byte(row.text), int64(1))
	}
	for _, row := range checkRejects {
		if len(row.text) < maxLine {
			f.Add([]byte(someValues), []byte(row.text), int64(1))
		}
	}
	f.Fuzz(func(t *testing.T, before, now []byte, seed int64) {
		for _, text := range [][]byte{before, compose(before)} {
			wantVerdictOfCheck(t, string(text), string(now))
			wantVerdictOfCheck(t, string(text), string(compose(now)))
			wantVerdictOfCheck(t, string(text), mutated(text, seed))
		}
	})
}

// mutated is text with one byte of it another, or one line of it twice, or gone.
func mutated(text []byte, seed int64) string {
	if len(text) == 0 {
		return ""
	}
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	text = bytes.Clone(text)
	lines := bytes.SplitAfter(text, []byte("\n"))
	line := random.IntN(len(lines))
	const likely = "0123456789.e+- \n\r{}\"#axyz_NI\xff\\"
	switch random.IntN(4) {
	case 0:
		lines[line] = nil
	case 1:
		lines[line] = append(bytes.Clone(lines[line]), lines[line]...)
	default:
		text[random.IntN(len(text))] = likely[random.IntN(len(likely))]
	}
	return string(bytes.Join(lines, nil))
}

func wantVerdictOfCheck(t *testing.T, before, now string) {
	t.Helper()
	m := &memory{known: map[sum]bool{}}
	if m.check(section(before)) == nil {
		m.known = m.now
	}
	want, got := Check(strings.NewReader(now)), m.check(section(now))
	if diff := cmp.Diff(told(want), told(got)); diff != "" {
		t.Errorf("with a memory of\n%s\n-want +got:\n%s\nfor\n%s", before, diff, now)
	}
}

func told(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, memory := filepath.Join(dir, "a.prom"), filepath.Join(dir, "state", "memory.json")
	rewrite := func(text, want string) {
		t.Helper()
		err := Rewrite(path, memory, writeText(text))
		var fault Finding
		if want != text && !errors.As(err, &fault) {
			t.Errorf("err = %v, want a finding", err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("file holds %q, %v, want %q", got, err, want)
		}
	}
	rewrite(someValues, someValues)
	known := read(t, memory)
	rewrite(ofValues("3", "4", "1", "4", "8"), ofValues("3", "4", "1", "4", "8"))
	rewrite(ofValues("3", "4", "1", "4", "eight"), ofValues("3", "4", "1", "4", "8"))
	if got := read(t, memory); got != known {
		t.Errorf("what is known is %s, want %s", got, known)
	}
	for _, useless := range []string{"", "{", `["zz"]`, `{"a": 1}`, `["00"]`} {
		if err := os.WriteFile(memory, []byte(useless), 0o600); err != nil {
			t.Fatal(err)
		}
		rewrite(someValues+"y{a=\"c\"} ?\n", ofValues("3", "4", "1", "4", "8"))
		rewrite(ofValues("3", "4", "1", "4", "8"), ofValues("3", "4", "1", "4", "8"))
		if got := read(t, memory); got != known {
			t.Errorf("instead of %q: %s, want %s", useless, got, known)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What cannot be remembered is published all the same.
func TestRewriteWithoutARoomForMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.prom")
	if err := Rewrite(path, filepath.Join(dir, "file", "memory.json"), writeText(someValues)); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != someValues {
		t.Errorf("file holds %q", got)
	}
}

// A writer that fails, or panics, leaves the old file.
func TestRewriteByAFailingWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, memory := filepath.Join(dir, "a.prom"), filepath.Join(dir, "memory.json")
	if err := Rewrite(path, memory, writeText(someValues)); err != nil {
		t.Fatal(err)
	}
	failing := errors.New("no")
	err := Rewrite(path, memory, func(w io.Writer) error {
		_, err := io.WriteString(w, head)
		return errors.Join(err, failing)
	})
	if !errors.Is(err, failing) {
		t.Errorf("err = %v, want %v", err, failing)
	}
	func() {
		defer func() { _ = recover() }()
		_ = Rewrite(path, memory, func(io.Writer) error { panic("bug") })
	}()
	if got := read(t, path); got != someValues {
		t.Errorf("file holds %q", got)
	}
}
