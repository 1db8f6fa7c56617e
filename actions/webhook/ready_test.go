package webhook

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestReadyIfMailCanBeWritten(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil func(root string) error
		want  string // "" is ready
	}{
		"all is well":        {func(string) error { return nil }, ""},
		"no registry":        {func(root string) error { return os.Remove(filepath.Join(root, "AIPASS_REGISTRY.json")) }, "the registry cannot be read"},
		"a broken registry":  {func(root string) error { return old(filepath.Join(root, "AIPASS_REGISTRY.json"), "{") }, "the registry cannot be read"},
		"nobody catches all": {func(root string) error { return old(filepath.Join(root, "AIPASS_REGISTRY.json"), `{"branches": []}`) }, "nobody is registered as dev_central or assistant"},
		"a link for an inbox": {func(root string) error {
			inbox := filepath.Join(root, "flow", ".ai_mail.local", aipass.InboxFile)
			return errors.Join(os.Rename(inbox, inbox+".real"), os.Symlink(inbox+".real", inbox))
		}, "1 of 5 mailboxes cannot be written to: FLOW"},
		"no mailbox":   {func(root string) error { return os.RemoveAll(filepath.Join(root, "flow", ".ai_mail.local")) }, ""},
		"no directory": {func(root string) error { return os.RemoveAll(filepath.Join(root, "flow")) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := layHost(t, aipass.Modern, branches...)
			must(t, row.spoil(root))
			_, url := serve(t, root, nil)
			got := ask(t, http.MethodGet, url+"/-/ready", "")
			if want := map[bool]int{true: 200, false: 503}[row.want == ""]; got.code != want || !strings.Contains(got.body, row.want) {
				t.Errorf("got %d %q", got.code, got.body)
			}
			checkReply(t, got, root)
		})
	}
}

// old writes a file that nobody is writing just now.
func old(path, content string) error {
	then := time.Now().Add(-time.Hour)
	return errors.Join(os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, then, then))
}

func TestAskingWhetherItIsReadyChangesNothing(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	_, url := serve(t, root, nil)
	if got := ask(t, http.MethodGet, url+"/-/ready", ""); got.code != 200 {
		t.Errorf("got %d %q", got.code, got.body)
	}
	locks, err := filepath.Glob(filepath.Join(root, "*", ".ai_mail.local", ".*"))
	must(t, err)
	if len(locks) > 0 {
		t.Errorf("there is %q", locks)
	}
}

func TestNotReadyOnceItIsToStop(t *testing.T) {
	t.Parallel()
	h, url := serve(t, layHost(t, aipass.Modern, branches...), nil)
	h.Stop()
	if got := ask(t, http.MethodGet, url+"/-/ready", ""); got.code != 503 || got.body != "shutting down\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if got := ask(t, http.MethodGet, url+"/-/healthy", ""); got.code != 200 {
		t.Errorf("and it is not healthy: %d %q", got.code, got.body)
	}
}

func TestAnAnswerNamesAFewMailboxesOnly(t *testing.T) {
	t.Parallel()
	names := []string{"A", "B", "C", "D", "E", "F", "DEVPULSE"}
	root := layHost(t, aipass.Modern, names...)
	for _, name := range names[:6] {
		dir := filepath.Join(root, strings.ToLower(name), ".ai_mail.local")
		must(t, os.Mkdir(filepath.Join(dir, aipass.InboxLock), 0o755)) // where the lock should be
	}
	_, url := serve(t, root, nil)
	if got := ask(t, http.MethodGet, url+"/-/ready", ""); got.body != "6 of 7 mailboxes cannot be written to: A, B, C, D, E and others\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
}
