package aipass

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// python runs a program over the files of a directory, in one process for all
// of them, and returns what it prints for each.
func python(t *testing.T, program, dir string, got any) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "python3", "-I", "-c", program, dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3 is what this package is measured by: %v\n%s", err, stderr.String())
	}
	must(t, json.Unmarshal(out, got))
}

// cases writes texts into files and returns their directory.
func cases(t *testing.T, texts []string) string {
	t.Helper()
	dir := t.TempDir()
	for i, text := range texts {
		put(t, filepath.Join(dir, fmt.Sprintf("%05d", i)), text)
	}
	return dir
}

// jumble picks up to a dozen of the pieces, n times, always the same ones.
func jumble(n int, pieces ...string) (picked [][]string) {
	random := rand.New(rand.NewPCG(2026, 3))
	for range n {
		var some []string
		for range random.IntN(13) {
			some = append(some, pieces[random.IntN(len(pieces))])
		}
		picked = append(picked, some)
	}
	return picked
}

func TestLinesAreWhatPythonCounts(t *testing.T) {
	t.Parallel()
	texts := []string{"", strings.Repeat("x", 70_000) + "\r", strings.Repeat("é\r\n", 30_000), strings.Repeat("a", 8191) + "\r\nb"}
	for _, pieces := range jumble(600, "\n", "\r", "\r\n", "a", "é", "𝄞", "\u2028", "\u0085", "\v", "\f", "\x1c", "\x00", "\ufeff") {
		texts = append(texts, strings.Join(pieces, ""))
	}
	for _, pieces := range jumble(200, "\n", "\r", "a", "é", "\xe9", "\xc3", "\x80", "\xed\xa0\x80", "\xf0\x9d\x84", "\xff\xfe") {
		texts = append(texts, strings.Join(pieces, ""))
	}
	var want []int
	python(t, `
import json, os, sys
def lines(path):
    try:
        with open(path, encoding="utf-8", newline=None) as f:
            return len(f.readlines())
    except UnicodeDecodeError:
        return -1
print(json.dumps([lines(e.path) for e in sorted(os.scandir(sys.argv[1]), key=lambda e: e.name)]))
`, cases(t, texts), &want)
	if len(want) != len(texts) {
		t.Fatalf("python counted %d files, want %d", len(want), len(texts))
	}
	for i, text := range texts {
		n, ok := count(t, strings.NewReader(text))
		if !ok {
			n = notText
		}
		if n != want[i] {
			t.Errorf("%.60q: got %d, python says %d", text, n, want[i])
		}
	}
}

// The counters of AIPass, and what its dispatcher looks for.
func TestMailIsCountedAsPythonCountsIt(t *testing.T) {
	t.Parallel()
	var messages, texts []string
	for _, members := range jumble(1000,
		`"status": "new"`, `"status": "opened"`, `"status": "closed"`, `"status": ""`, `"status": null`, `"status": 1`, `"status": ["new"]`,
		`"read": true`, `"read": false`, `"read": null`, `"read": 0`, `"read": 0.0`, `"read": -1`, `"read": ""`, `"read": "no"`,
		`"read": []`, `"read": [0]`, `"read": {}`, `"read": NaN`, `"id": 7`, `"id": 8`, `"from": "@x"`,
		`"auto_execute": true`, `"auto_execute": 0e5`, `"auto_execute": "0"`, `"auto_execute": {"a": 1}`) {
		messages = append(messages, "{"+strings.Join(members, ", ")+"}")
	}
	for some := range slices.Chunk(messages, 4) {
		texts = append(texts, `{"messages": [`+strings.Join(some, ", ")+`]}`)
	}
	var want []tally
	python(t, `
import json, os, sys
def tally(path):
    with open(path, encoding="utf-8") as f:
        mail = json.load(f)["messages"]
    new = [m for m in mail if m.get("status") == "new" or (m.get("status") is None and not m.get("read"))]
    opened = [m for m in mail if m.get("status") == "opened"]
    closed = [m for m in mail if m.get("status") == "closed"]
    return {
        "New": len(new), "Opened": len(opened), "Closed": len(closed),
        "Other": len(mail) - len(new) - len(opened) - len(closed), "Undated": len(mail),
        "Awaiting": sum(1 for m in mail if m.get("auto_execute") and m.get("status") == "new"),
    }
print(json.dumps([tally(e.path) for e in sorted(os.scandir(sys.argv[1]), key=lambda e: e.name)]))
`, cases(t, texts), &want)
	if len(want) != len(texts) {
		t.Fatalf("python read %d inboxes, want %d", len(want), len(texts))
	}
	for i, text := range texts {
		in, err := inboxOf(text)
		must(t, err)
		if diff := cmp.Diff(want[i], tallyOf(in)); diff != "" {
			t.Errorf("%s: -python +got:\n%s", text, diff)
		}
	}
}
