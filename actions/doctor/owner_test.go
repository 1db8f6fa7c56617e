package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A run of root's can leave files that AIPass's own user cannot use.
func TestWhatAnotherUserLeftBehind(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	host := t.TempDir()
	inbox := filepath.Join(host, "flow", ".ai_mail.local", aipass.InboxFile)
	put(t, filepath.Join(host, "AIPASS_REGISTRY.json"), `{"branches": [{"name": "FLOW", "path": "flow"}]}`)
	put(t, inbox, `{"messages": []}`)
	state := t.TempDir()
	put(t, filepath.Join(state, "actions.lock"), "")
	tree, err := aipass.Open(host, aipass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := (&Doctor{Tree: tree, Timeout: time.Minute, State: state, Now: time.Now}).admit(t.Context())
	check(t, p.mailboxes(t.Context()), OK, "1 can be written to")
	check(t, p.stateDir(t.Context()), OK, state)

	for _, path := range []string{inbox, filepath.Join(state, "actions.lock")} {
		if err := os.Chown(path, 1, -1); err != nil {
			t.Fatal(err)
		}
	}
	check(t, p.mailboxes(t.Context()), Fault, "belongs to user 0 and inbox.json to user 1")
	step := p.stateDir(t.Context())
	check(t, step, Fault, "actions.lock to user 1")
	if !strings.Contains(step.Remedy, "chown") {
		t.Errorf("%+v", step)
	}
}
