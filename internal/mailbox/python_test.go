package mailbox

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// judge has Python, in which AIPass is written, look at what is given, and
// returns what it says. The program finds it as given and leaves its verdict in
// says. A test that did without Python would say nothing.
func judge[T any](t testing.TB, program string, given any) (says T) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs python3, by which AIPass's files are measured; make test-deps installs it: %v", err)
	}
	in, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-I", "-c", "import json, sys\ngiven = json.load(sys.stdin)\n"+program+"\njson.dump(says, sys.stdout)")
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(out, &says); err != nil {
		t.Fatal(err)
	}
	return says
}

// pythonWrites is what AIPass makes of documents by reading and writing them.
func pythonWrites(t testing.TB, documents ...string) []string {
	t.Helper()
	return judge[[]string](t, `
def rewritten(text):
    text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    text.encode("utf-8")  # or the file would be cut off where this fails
    return text

says = [rewritten(text) for text in given]
`, documents)
}

// pythonDelivers has AIPass's delivery as far as it concerns the document, and
// same, which says whether an inbox is what it makes of another.
const pythonDelivers = `
def is_new(m):
    return m.get("status") == "new" or (m.get("status") is None and not m.get("read", False))

def deliver(inbox, message):
    if isinstance(inbox, list):
        inbox = {"messages": inbox}
    if "inbox" in inbox and "messages" not in inbox:
        inbox["messages"] = inbox.pop("inbox")
    inbox.setdefault("messages", [])
    inbox.setdefault("mailbox", "inbox")
    inbox["messages"].insert(0, message)
    inbox["total_messages"] = len(inbox["messages"])
    inbox["unread_count"] = sum(1 for m in inbox["messages"] if is_new(m))
    return inbox

def same(before, after):
    after = json.loads(after)
    want = deliver(json.loads(before), after["messages"][0])
    return json.dumps(want, sort_keys=True) == json.dumps(after, sort_keys=True)
`
