package aipass

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// written is when every file of a fixture was last written: long ago, so that
// a broken one is broken and not half written.
var written = time.Date(2026, time.February, 20, 12, 0, 0, 0, time.UTC)

// lay makes a host of a txtar archive.
func lay(t *testing.T, archive string) (root string) {
	t.Helper()
	root = t.TempDir()
	if err := txtar.Write(txtar.Parse([]byte(archive)), root); err != nil {
		t.Fatal(err)
	}
	age(t, root)
	return root
}

// age makes everything in a directory as old as written says.
func age(t *testing.T, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() && !e.Type().IsRegular() {
			return err
		}
		return os.Chtimes(path, written, written)
	}))
}

// put writes one file, byte for byte.
func put(t *testing.T, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
	must(t, os.Chtimes(path, written, written))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open names a host on a machine where it is always noon in UTC and no process runs.
func open(t *testing.T, root string, o Options) Tree {
	t.Helper()
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Alive == nil {
		o.Alive = func(int) bool { return false }
	}
	o.Now = func() time.Time { return written }
	tree, err := Open(root, o)
	must(t, err)
	return tree
}

// look takes a whole snapshot.
func look(t *testing.T, root string) *Snapshot {
	t.Helper()
	return lookWith(t, root, Options{})
}

func lookWith(t *testing.T, root string, o Options) *Snapshot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := open(t, root, o).Snapshot(ctx)
	if s.Incomplete != nil {
		t.Fatalf("incomplete: %v", s.Incomplete)
	}
	return s
}

func branch(t *testing.T, s *Snapshot, name string) *Branch {
	t.Helper()
	for i := range s.Branches {
		if s.Branches[i].Name == name {
			return &s.Branches[i]
		}
	}
	t.Fatalf("no branch %s in %v", name, names(s))
	return nil
}

func names(s *Snapshot) []string {
	list := []string{}
	for i := range s.Branches {
		list = append(list, s.Branches[i].Name)
	}
	return list
}

// states are the states of a branch's files by label, those that are OK left out.
func states(b *Branch) map[string]State {
	bad := map[string]State{}
	for _, f := range b.Files() {
		if f.Head.State() != OK {
			bad[f.Name] = f.Head.State()
		}
	}
	return bad
}

// parsed is what becomes of a document that holds text.
func parsed[T any](text string, parse func(*jsonfile.Decoder) (T, error)) (T, error) {
	d := jsonfile.NewDecoder(strings.NewReader(text))
	value, err := parse(d)
	if err == nil {
		err = d.End()
	}
	return value, err
}

// wantMalformed says that a document was refused, and for which reason.
func wantMalformed(t *testing.T, err error, reason string) {
	t.Helper()
	if !errors.Is(err, jsonfile.ErrMalformed) || !strings.Contains(err.Error(), reason) {
		t.Errorf("got %v, want a malformed document: %s", err, reason)
	}
}
