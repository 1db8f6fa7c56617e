package aipass

import (
	"errors"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func memoryOf(text string) (Memory, error) {
	var m Memory
	err := readMemory(strings.NewReader(text), jsonfile.NewDecoder(nil), &m)
	return m, err
}

func entriesOf(m Memory) map[string]int {
	found := map[string]int{}
	for _, array := range EntryArrays {
		if n, ok := m.Entries(array); ok {
			found[array] = n
		}
	}
	return found
}

func TestEntriesOfEveryArrayAreCounted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want map[string]int
	}{
		"none":                       {`{}`, map[string]int{}},
		"lists":                      {`{"sessions": [{}, {}], "observations": [1, [2, 3]], "todos": []}`, map[string]int{"sessions": 2, "observations": 2, "todos": 0}},
		"an object, as older files":  {`{"key_learnings": {"a": 1, "b": {"c": 2}}}`, map[string]int{"key_learnings": 2}},
		"everything there is":        {`{"recent_work": [1], "entries": [1], "items": [1], "records": [1]}`, map[string]int{"recent_work": 1, "entries": 1, "items": 1, "records": 1}},
		"not an array":               {`{"sessions": 7, "todos": null, "items": "x"}`, map[string]int{}},
		"deeper down is not counted": {`{"x": {"sessions": [1]}}`, map[string]int{}},
		"twice, last wins":           {`{"sessions": [1, 2], "sessions": [1]}`, map[string]int{"sessions": 1}},
		"twice, last is no array":    {`{"sessions": [1, 2], "sessions": null}`, map[string]int{}},
		"NaN and big integers":       {`{"sessions": [NaN, 1` + strings.Repeat("0", 400) + `]}`, map[string]int{"sessions": 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := memoryOf(tt.text)
			must(t, err)
			if diff := cmp.Diff(tt.want, entriesOf(m)); diff != "" {
				t.Error("-want +got:\n", diff)
			}
		})
	}
}

func TestArrayThatAIPassDoesNotKnowHasNoEntries(t *testing.T) {
	t.Parallel()
	m, err := memoryOf(`{"tags": [1]}`)
	must(t, err)
	if n, ok := m.Entries("tags"); ok {
		t.Errorf("got %d, want none", n)
	}
}

func TestFilesOwnLimitIsRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want float64
	}{
		"there":                  {`{"document_metadata": {"limits": {"max_lines": 900}}}`, 900},
		"a fraction":             {`{"document_metadata": {"limits": {"max_lines": 900.5}}}`, 900.5},
		"bigger than all":        {`{"document_metadata": {"limits": {"max_lines": 1` + strings.Repeat("0", 400) + `}}}`, math.Inf(1)},
		"Infinity":               {`{"document_metadata": {"limits": {"max_lines": Infinity}}}`, math.Inf(1)},
		"a text is none":         {`{"document_metadata": {"limits": {"max_lines": "900"}}}`, 0},
		"null is none":           {`{"document_metadata": {"limits": {"max_lines": null}}}`, 0},
		"no limits":              {`{"document_metadata": {"limits": null}}`, 0},
		"at the root it is none": {`{"limits": {"max_lines": 900}}`, 0},
		"metadata twice":         {`{"document_metadata": {"limits": {"max_lines": 1}}, "document_metadata": {"limits": {"max_lines": 2}}}`, 2},
		"metadata twice, gone":   {`{"document_metadata": {"limits": {"max_lines": 1}}, "document_metadata": {}}`, 0},
		"limits twice, gone":     {`{"document_metadata": {"limits": {"max_lines": 1}, "limits": {}}}`, 0},
		"max_lines twice, gone":  {`{"document_metadata": {"limits": {"max_lines": 1, "max_lines": "x"}}}`, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := memoryOf(tt.text)
			must(t, err)
			if m.maxLines != tt.want {
				t.Errorf("got %v, want %v", m.maxLines, tt.want)
			}
		})
	}
}

func TestBrokenMemoryFileStillHasLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text, reason string
		lines        int
	}{
		"no JSON":          {"hello\nworld", "not an object", 2},
		"empty":            {"", "the file is empty", 0},
		"cut off":          {"{\n\"sessions\": [\n", "ends in the middle", 2},
		"more behind it":   {"{}\n{}\n{}\n", "after the end", 3},
		"a list":           {"[\n]\n", "not an object", 2},
		"byte order mark":  {"\ufeff{\n}\n", "byte order mark", 2},
		"a lone surrogate": {"{\n\"x\": \"\\ud83d\"\n}", "surrogate", 3},
		"long after that":  {"}" + strings.Repeat("\n", 100_000), "not an object", 100_000},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := memoryOf(tt.text)
			wantMalformed(t, err, tt.reason)
			if m.Lines != tt.lines || !m.LinesKnown {
				t.Errorf("got %d lines, known %t, want %d", m.Lines, m.LinesKnown, tt.lines)
			}
		})
	}
}

func TestMemoryThatIsNotUTF8IsMalformedAndItsLinesAreUnknown(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"in a text":         "{\n\"x\": \"caf\xe9\"\n}\n",
		"between":           "{\n\xe9\n}\n",
		"behind the end":    "{}\n\xe9",
		"behind broken":     "{\n!\n\xe9\n",
		"half a letter":     "{}\n\xc3",
		"behind 64 KiB":     "{" + strings.Repeat(" ", 64<<10) + "}\xff",
		"broken, 64 KiB on": "!" + strings.Repeat(" ", 64<<10) + "\xff",
	} {
		m, err := memoryOf(text)
		wantMalformed(t, err, "")
		if m.LinesKnown {
			t.Errorf("%s: got %d lines, want them unknown", name, m.Lines)
		}
	}
}

func TestMemoryThatCannotBeReadToItsEndIsNotMalformed(t *testing.T) {
	t.Parallel()
	broken := errors.New("input/output error")
	for name, text := range map[string]string{"sound so far": `{"sessions": [`, "broken so far": `!`} {
		var m Memory
		r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
		if err := readMemory(r, jsonfile.NewDecoder(nil), &m); !errors.Is(err, broken) || errors.Is(err, jsonfile.ErrMalformed) {
			t.Errorf("%s: got %v, want %v", name, err, broken)
		}
	}
}

func TestHalfAFileHasNoValue(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "DRONE.local.json")
	put(t, path, "{}")
	f := loadRaw(newLooker(t.Context(), Tree{}), path, "", func(_ io.Reader, lines *int) error {
		*lines = 7
		return errors.New("input/output error")
	})
	if f.State() != Unreadable || f.Value != 0 {
		t.Errorf("got %v, %v (%v), want nothing", f.Value, f.State(), f.Err)
	}
}

// Entries counts the entries of one of EntryArrays; ok is false if the file
// does not have it.
func (m *Memory) Entries(array string) (n int, ok bool) {
	for i, name := range EntryArrays {
		if name == array {
			return int(m.entries[i]), m.entries[i] != absent
		}
	}
	return 0, false
}
