package mailbox

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// somebody is a user that no test runs as, but one that root may become.
const somebody = 1000

// owner is whom the mailboxes of these tests belong to: somebody else if this
// is root, who may work for others, and this user if it is not.
func owner() int {
	if me := os.Geteuid(); me != 0 {
		return me
	}
	return somebody
}

// putOwned makes a mailbox of owner's whose inbox has a mode of its own.
func putOwned(t *testing.T, mode fs.FileMode) (dir string) {
	t.Helper()
	dir = put(t, `{"messages": [{"id": "1", "status": "new"}, {"id": "2", "status": "opened"}]}`)
	path := filepath.Join(dir, aipass.InboxFile)
	must(t, os.Chmod(path, mode))
	if os.Geteuid() == 0 {
		must(t, os.Chown(dir, somebody, somebody))
		must(t, os.Chown(path, somebody, somebody))
	}
	return dir
}

// doEverything delivers a letter, opens a message and archives one.
func doEverything(t *testing.T, dir string) error {
	t.Helper()
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		must(t, d.Open(d.Messages()[0]))
		must(t, d.Archive(d.Messages()[1]))
		return d.Deliver(letter("x"))
	})
	return err
}

// owners says of what modes and whose everything in a directory is.
func owners(t *testing.T, dir string) map[string]ownership {
	t.Helper()
	all := map[string]ownership{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		must(t, err)
		info, err := e.Info()
		must(t, err)
		st := info.Sys().(*syscall.Stat_t)
		name, err := filepath.Rel(dir, path)
		all[name] = ownership{info.Mode().Perm(), int(st.Uid), int(st.Gid)}
		return err
	}))
	return all
}

func TestModeAndOwnerOfTheInboxStayAndAreThoseOfAllThatIsNew(t *testing.T) {
	t.Parallel()
	for mode, directory := range map[fs.FileMode]fs.FileMode{0o640: 0o750, 0o600: 0o700, 0o664: 0o775, 0o644: 0o755, 0o666: 0o777} {
		dir := putOwned(t, mode)
		want := owners(t, dir)
		file := want[aipass.InboxFile]
		want[aipass.InboxLock] = file
		want["deleted/20260219_080003__2.json"] = file
		want["deleted"] = ownership{directory, file.uid, file.gid}
		must(t, doEverything(t, dir))
		if diff := cmp.Diff(want, owners(t, dir), cmp.AllowUnexported(ownership{})); diff != "" {
			t.Errorf("%o: -want +got:\n%s", mode, diff)
		}
	}
}

// Not in parallel: the umask is the whole process's.
func TestTheUmaskChangesNoMode(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	dir := putOwned(t, 0o664)
	must(t, doEverything(t, dir))
	for name, got := range owners(t, dir) {
		if want := fs.FileMode(0o664); name != "." && name != "deleted" && got.mode != want {
			t.Errorf("%s has %o, want %o", name, got.mode, want)
		}
	}
}

func TestLockAndArchiveThatAreThereKeepTheirOwn(t *testing.T) {
	t.Parallel()
	dir := putOwned(t, 0o644)
	mustWrite(t, dir, aipass.InboxLock, "")
	mustWrite(t, dir, "deleted/20260101_000000_x.json", "{}")
	must(t, os.Chmod(filepath.Join(dir, aipass.InboxLock), 0o606))
	must(t, os.Chmod(filepath.Join(dir, aipass.ClosedMailDir), 0o701))
	want := owners(t, dir)
	must(t, doEverything(t, dir))
	got := owners(t, dir)
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: was %v, is %v", name, want[name], got[name])
		}
	}
}
