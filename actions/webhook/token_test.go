package webhook

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A new token is written beside the old one, the senders learn it, the old one
// is taken out: no notification is refused.
func TestATokenIsReplacedWithoutARestart(t *testing.T) {
	t.Parallel()
	root, file := layHost(t, aipass.Modern, branches...), filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(file, []byte("old\n"), 0o600))
	_, url := serve(t, root, func(c *Config) { c.Token = &Token{file} })
	say := func(token string) int {
		return ask(t, http.MethodPost, url+AlertsPath+"?to=branch", about("DRONE", "A"),
			"Content-Type", "application/json", "Authorization", "Bearer "+token).code
	}
	for _, step := range []struct {
		file     string
		old, new int
	}{
		{"old\n", 200, 401},
		{"old\nnew\n", 200, 200},
		{"new", 401, 200},
		{"\n \n", 503, 503}, // which nobody can say
	} {
		must(t, os.WriteFile(file, []byte(step.file), 0o600))
		if got := [...]int{say("old"), say("new")}; got != [...]int{step.old, step.new} {
			t.Errorf("%q: got %v", step.file, got)
		}
	}
}

func TestATokenFileThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	must(t, os.WriteFile(large, make([]byte, maxToken+1), 0o600))
	for path, want := range map[string]string{
		filepath.Join(dir, "gone"): "no such file", dir: "is a directory", large: "larger than", os.DevNull: "it is empty", "/dev/zero": "larger than",
	} {
		err := (&Token{path}).Check()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

// Only alerts need it: what the other pages say is no secret, and a web config
// can guard them all.
func TestOtherPagesNeedNoToken(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	_, url := serve(t, root, func(c *Config) { c.Token = &Token{"/nowhere"} })
	for _, page := range []string{"/metrics", "/-/healthy", "/-/ready"} {
		if got := ask(t, http.MethodGet, url+page, ""); got.code != 200 {
			t.Errorf("%s: got %d %q", page, got.code, got.body)
		}
	}
}
