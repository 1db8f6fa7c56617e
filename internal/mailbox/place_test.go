package mailbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// mustWrite makes a file of a mailbox, written long ago, and its directory.
func mustWrite(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
	must(t, os.Chtimes(path, now, now))
}

// tree is what stands in a directory: modes, and contents or targets.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		must(t, err)
		info, err := e.Info()
		must(t, err)
		var content []byte
		switch info.Mode().Type() {
		case 0:
			content, err = os.ReadFile(path)
		case fs.ModeSymlink:
			var target string
			target, err = os.Readlink(path)
			content = []byte(target)
		}
		must(t, err)
		all[strings.TrimPrefix(path, dir)] = info.Mode().String() + " " + string(content)
		return nil
	}))
	return all
}

// impostors stand where a file or directory of a mailbox should be, and what
// they lead to is as good as the real thing.
var impostors = map[string]func(path, elsewhere string) error{
	"link":            func(path, elsewhere string) error { return os.Symlink(elsewhere, path) },
	"link to nothing": func(path, elsewhere string) error { return os.Symlink(elsewhere+"x", path) },
	"link in the tree": func(path, elsewhere string) error {
		if err := os.Rename(elsewhere, path+".real"); err != nil {
			return err
		}
		return os.Symlink(filepath.Base(path)+".real", path)
	},
	"pipe": func(path, _ string) error { return syscall.Mkfifo(path, 0o666) },
}

func TestWhatIsNotTheRealFileIsRefused(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", aipass.InboxFile, aipass.InboxLock, aipass.ClosedMailDir} {
		for name, make := range impostors {
			dir := put(t, `{"messages": [{"id": "1"}]}`)
			mustWrite(t, dir, aipass.InboxLock, "")
			mustWrite(t, dir, "deleted/20260101_000000_x.json", "{}")
			elsewhere := filepath.Join(filepath.Dir(filepath.Dir(dir)), "elsewhere")
			path := filepath.Join(dir, place)
			must(t, os.Rename(path, elsewhere))
			must(t, make(path, elsewhere))
			wantRefused(t, place+" is a "+name, dir, path)
		}
	}
}

func TestADirectoryOrFileInTheWrongPlaceIsRefused(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", aipass.InboxFile, aipass.InboxLock, aipass.ClosedMailDir} {
		dir := put(t, `{"messages": [{"id": "1"}]}`)
		path := filepath.Join(dir, place)
		if place == "" || place == aipass.ClosedMailDir {
			must(t, os.RemoveAll(path))
			must(t, os.WriteFile(path, []byte("x"), 0o644))
		} else {
			must(t, os.RemoveAll(path))
			must(t, os.Mkdir(path, 0o755))
		}
		wantRefused(t, place+" is of the other kind", dir, path)
	}
}

// wantRefused wants a mailbox to be left alone because of what stands at path.
func wantRefused(t *testing.T, name, dir, path string) {
	t.Helper()
	root := filepath.Dir(filepath.Dir(dir))
	before := tree(t, root)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error { return d.Archive(d.Messages()[0]) })
	if !errors.Is(err, ErrNotRegular) && !errors.Is(err, errNotDirectory) {
		t.Errorf("%s: got %v, want it refused", name, err)
		return
	}
	if !strings.Contains(err.Error(), path) || !strings.Contains(Remedy(err), "in its place") {
		t.Errorf("%s: got %v (%s)", name, err, Remedy(err))
	}
	after := tree(t, root)
	delete(after, strings.TrimPrefix(filepath.Join(dir, aipass.InboxLock), root)) // which may have been made
	delete(before, strings.TrimPrefix(filepath.Join(dir, aipass.InboxLock), root))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("%s: -before +after:\n%s", name, diff)
	}
}

func TestWhatStandsUnderAnArchivesNameIsLeftAlone(t *testing.T) {
	t.Parallel()
	const name = "deleted/20260219_080003__1.json"
	for kind, make := range impostors {
		dir := put(t, `{"messages": [{"id": "1"}]}`)
		mustWrite(t, dir, "elsewhere", "kept")
		must(t, os.Mkdir(filepath.Join(dir, aipass.ClosedMailDir), 0o755))
		must(t, make(filepath.Join(dir, name), filepath.Join(dir, "elsewhere")))
		before := tree(t, dir)
		if got := archive(t, dir, Options{}, nil)[0].Archive; got != "deleted/20260219_080003__2_1.json" {
			t.Errorf("%s: archived in %s", kind, got)
		}
		after := tree(t, dir)
		for path, want := range before {
			if path != "/"+aipass.InboxFile && after[path] != want {
				t.Errorf("%s: %s was %s and is %s", kind, path, want, after[path])
			}
		}
	}
}
