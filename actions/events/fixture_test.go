package events

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// now is when every test takes place.
var now = time.Date(2026, time.February, 19, 8, 0, 0, 0, time.UTC)

// lay puts a txtar archive below root, over what is there, and takes a look.
func lay(t *testing.T, root, archive string) *aipass.Snapshot {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(root, f.Name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, f.Data, 0o644))
	}
	tree, err := aipass.Open(root, aipass.Options{Location: time.UTC, Now: func() time.Time { return now }})
	must(t, err)
	return tree.Snapshot(t.Context())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// say is an event as the command of a host gets it, whose root is ~.
func say(t *testing.T, root string, e event.Event) string {
	t.Helper()
	c, err := event.Parse("a {event} {fields}")
	must(t, err)
	return strings.ReplaceAll(strings.Join(c.Argv(e)[1:], " "), root, "~")
}
