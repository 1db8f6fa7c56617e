package mailbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestAMailboxThatCanBeWrittenIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	before := tree(t, dir)
	must(t, at(dir, Options{}).Writable())
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	must(t, at(dir, Options{}).Deliver(t.Context(), letter("x")))
	must(t, at(dir, Options{}).Writable()) // with a lock file
}

func TestWhatCannotBeWrittenIsSaidBeforehand(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil func(dir string) error
		want  error
	}{
		"no inbox":               {func(dir string) error { return os.Remove(filepath.Join(dir, aipass.InboxFile)) }, fs.ErrNotExist},
		"no mailbox":             {os.RemoveAll, fs.ErrNotExist},
		"a link for an inbox":    {func(dir string) error { return linked(filepath.Join(dir, aipass.InboxFile)) }, ErrNotRegular},
		"a link for a mailbox":   {linked, errNotDirectory},
		"a directory for a lock": {func(dir string) error { return os.Mkdir(filepath.Join(dir, aipass.InboxLock), 0o755) }, ErrNotRegular},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := put(t, two)
			must(t, row.spoil(dir))
			if err := at(dir, Options{}).Writable(); !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
		})
	}
}

// linked moves a file aside and leaves a link to it.
func linked(path string) error {
	return errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path))
}

// Permissions count for everybody but root.
func TestWhatThisUserMayNotWriteIsSaidBeforehand(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(preparedMailbox)
	if dir == "" {
		dir = putOwned(t, 0o600)
		must(t, os.Chmod(dir, 0o555))
		if os.Geteuid() == 0 {
			asSomebody(t, dir)
			return
		}
	}
	err := at(dir, Options{}).Writable()
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v", err)
	}
	if got := at(dir, Options{}).Deliver(t.Context(), letter("x")); !errors.Is(got, fs.ErrPermission) {
		t.Errorf("and writing says %v", got)
	}
}
