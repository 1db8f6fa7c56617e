package cleanup

import (
	"os/exec"
	"strings"
	"testing"
)

// pythonRewrites has Python, in which AIPass is written, read a JSON file and
// write it again, in place and in its own spelling. The program may change what
// it has read: the document is in doc.
func pythonRewrites(t testing.TB, file string, change ...string) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs python3, in which AIPass is written; make test-deps installs it: %v", err)
	}
	program := "import json, sys\nwith open(sys.argv[1], encoding='utf-8') as f:\n    doc = json.load(f)\n" +
		strings.Join(change, "\n") +
		"\nwith open(sys.argv[1], 'w', encoding='utf-8') as f:\n    json.dump(doc, f, indent=2, ensure_ascii=False)\n"
	if out, err := exec.CommandContext(t.Context(), path, "-I", "-c", program, file).CombinedOutput(); err != nil {
		t.Fatalf("python3: %v\n%s", err, out)
	}
}

// AIPass's own steps, as far as they concern the inbox.
const (
	pythonViews  = "m = next(m for m in doc['messages'] if m['id'] == '%s'); m['status'] = 'opened'; m['read'] = True"
	pythonCloses = "doc['messages'] = [m for m in doc['messages'] if m['id'] != '%s']"
)
