package central

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// now is when every test takes place.
var now = time.Date(2026, time.February, 19, 8, 0, 0, 0, time.UTC)

// lay makes a host of a txtar archive and takes a look at it.
func lay(t *testing.T, archive string) (aipass.Tree, *aipass.Snapshot) {
	t.Helper()
	root := t.TempDir()
	must(t, txtar.Write(txtar.Parse([]byte(archive)), root))
	inboxes, err := filepath.Glob(filepath.Join(root, "*", "*", "inbox.json"))
	must(t, err)
	for _, inbox := range inboxes {
		must(t, os.Chtimes(inbox, now, now)) // or a broken one could be one half written
	}
	tree, err := aipass.Open(root, aipass.Options{Location: time.UTC, Now: func() time.Time { return now }})
	must(t, err)
	return tree, tree.Snapshot(t.Context())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
