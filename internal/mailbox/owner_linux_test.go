package mailbox

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// With this in the environment a test is one that root runs again as somebody,
// at a mailbox that it has prepared.
const preparedMailbox = "MAILBOX_TEST_PREPARED"

// asSomebody has the calling test run again by somebody, for whom permissions
// count, and says what came of it.
func asSomebody(t *testing.T, dir string) {
	t.Helper()
	for parent := dir; parent != "/"; parent = filepath.Dir(parent) {
		if info, err := os.Stat(parent); err == nil && info.Mode()&1 == 0 {
			must(t, os.Chmod(parent, info.Mode().Perm()|0o711)) // the test's own directory
		}
	}
	// The path of a test's binary is closed to others; this is the same file.
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), preparedMailbox+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: somebody, Gid: somebody}}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Skip("this machine does not let root become somebody else:", err)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as user %d: %v\n%s", somebody, err, out)
	}
}

func TestTheOwnerCanUseWhatRootMade(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(preparedMailbox)
	if dir == "" {
		dir = putOwned(t, 0o600)
		must(t, doEverything(t, dir))
		if os.Geteuid() == 0 {
			asSomebody(t, dir)
			return
		}
	}
	// As Python opens them.
	lock, err := os.OpenFile(filepath.Join(dir, aipass.InboxLock), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	must(t, err)
	must(t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
	must(t, lock.Close())
	archived := filepath.Join(dir, "deleted", "20260219_080003__2.json")
	for _, path := range []string{filepath.Join(dir, aipass.InboxFile), archived} {
		data, err := os.ReadFile(path)
		must(t, err)
		must(t, os.WriteFile(path, data, 0o666))
	}
	must(t, os.WriteFile(filepath.Join(dir, "deleted", "20260219_080004_x.json"), nil, 0o666))
	must(t, os.Remove(archived))
	must(t, doEverything(t, dir))
}

// Only root can make what belongs to somebody else; to everybody else a folder
// says so of what does not.
func TestAnInboxOfSomebodyElseIsRefusedAndNothingWritten(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(preparedMailbox)
	o := Options{}
	if dir == "" {
		dir = put(t, `{"messages": [{"id": "1"}, {"id": "2"}]}`)
		must(t, os.Chmod(dir, 0o777))
		if os.Geteuid() == 0 {
			asSomebody(t, dir)
			return
		}
		o.openFolder = openForeignFolder
	}
	before := tree(t, dir)
	for name, edit := range map[string]func(*Doc) error{
		"deliver": func(d *Doc) error { return d.Deliver(letter("x")) },
		"open":    func(d *Doc) error { return d.Open(d.Messages()[0]) },
		"archive": func(d *Doc) error { return d.Archive(d.Messages()[0]) },
	} {
		_, err := at(dir, o).Update(t.Context(), edit)
		if !errors.Is(err, ErrForeignOwner) || !strings.Contains(err.Error(), filepath.Join(dir, aipass.InboxFile)) {
			t.Errorf("%s: got %v, want %v", name, err, ErrForeignOwner)
		}
		if want := "user " + strconv.Itoa(os.Geteuid()); !strings.Contains(err.Error(), want) || !strings.Contains(Remedy(err), "run as the user and group whom the mailbox belongs to") {
			t.Errorf("%s: %v says not what to do: %s", name, err, Remedy(err))
		}
		if _, err := at(dir, o).Look(t.Context(), edit); !errors.Is(err, ErrForeignOwner) {
			t.Errorf("%s: looking says %v, which is not what would happen", name, err)
		}
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

type foreignFolder struct{ folder }

func openForeignFolder(path string) (folder, error) {
	dir, err := openFolder(path)
	return foreignFolder{dir}, err
}

func (d foreignFolder) open(name string, flag int, mode os.FileMode) (file, error) {
	f, err := d.folder.open(name, flag, mode)
	return foreignFile{f}, err
}

type foreignFile struct{ file }

func (f foreignFile) Stat() (os.FileInfo, error) {
	info, err := f.file.Stat()
	if err == nil {
		info.Sys().(*syscall.Stat_t).Uid++
	}
	return info, err
}

// A group that somebody is not in cannot be kept by them.
func TestAnInboxOfAForeignGroupIsRefusedAndNothingWritten(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(preparedMailbox)
	if dir == "" {
		if os.Geteuid() != 0 {
			t.Skip("only root can give a file to a foreign group")
		}
		dir = putOwned(t, 0o660)
		must(t, os.Chown(filepath.Join(dir, aipass.InboxFile), somebody, 0))
		asSomebody(t, dir)
		return
	}
	before := tree(t, dir)
	err := doEverything(t, dir)
	if !errors.Is(err, ErrForeignOwner) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want %v", err, ErrForeignOwner)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestAMailboxThatIsClosedSaysSo(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(preparedMailbox)
	if dir == "" {
		dir = putOwned(t, 0o644)
		mustWrite(t, dir, aipass.InboxLock, "")
		must(t, os.Chmod(dir, 0o555))
		t.Cleanup(func() { must(t, os.Chmod(dir, 0o755)) })
		if os.Geteuid() == 0 {
			asSomebody(t, dir)
			return
		}
	}
	before := tree(t, dir)
	err := doEverything(t, dir)
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), dir) || !strings.Contains(Remedy(err), "let this one write") {
		t.Errorf("got %v (%s)", err, Remedy(err))
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}
