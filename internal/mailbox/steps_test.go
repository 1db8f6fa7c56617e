package mailbox

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A diary is a folder that writes down what changes the disk, in order.
type diary struct {
	folder
	lines  *[]string
	refuse string // the line of what fails
}

// write says what is about to happen, random names aside.
func (d diary) write(op string, names ...string) error {
	for i, name := range names {
		if dir, base := path.Split(name); strings.HasPrefix(base, tempPrefix) {
			names[i] = dir + "TEMP"
		}
	}
	line := op + " " + strings.Join(names, " ")
	*d.lines = append(*d.lines, line)
	if line == d.refuse {
		return syscall.EIO
	}
	return nil
}

func (d diary) open(name string, flag int, mode fs.FileMode) (file, error) {
	if flag&os.O_CREATE != 0 {
		if err := d.write("create", name); err != nil {
			return nil, err
		}
	}
	f, err := d.folder.open(name, flag, mode)
	return diaryFile{f, d, name}, err
}

func (d diary) rename(from, to string) error {
	if err := d.write("rename", from, to); err != nil {
		return err
	}
	return d.folder.rename(from, to)
}

func (d diary) link(from, to string) error {
	if err := d.write("link", from, to); err != nil {
		return err
	}
	return d.folder.link(from, to)
}

func (d diary) mkdir(name string, mode fs.FileMode) error {
	if err := d.write("mkdir", name); err != nil {
		return err
	}
	return d.folder.mkdir(name, mode)
}

func (d diary) remove(name string) error {
	if err := d.write("remove", name); err != nil {
		return err
	}
	return d.folder.remove(name)
}

type diaryFile struct {
	file
	diary diary
	name  string
}

func (f diaryFile) Write(p []byte) (int, error) {
	if err := f.diary.write("write", f.name); err != nil {
		return 0, err
	}
	return f.file.Write(p)
}

func (f diaryFile) Sync() error {
	if err := f.diary.write("sync", f.name); err != nil {
		return err
	}
	return f.file.Sync()
}

// archiveInSteps archives the first message of an inbox.
func archiveInSteps(t *testing.T, dir, refuse string) (steps []string, err error) {
	t.Helper()
	o := Options{openFolder: func(path string) (folder, error) {
		f, err := openFolder(path)
		return diary{f, &steps, refuse}, err
	}}
	_, err = at(dir, o).Update(t.Context(), func(d *Doc) error { return d.Archive(d.Messages()[0]) })
	return steps, err
}

func TestEveryStepIsOnTheDiskBeforeTheNextArchiveFirst(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [{"id": "1"}]}`)
	got, err := archiveInSteps(t, dir, "")
	must(t, err)
	want := []string{
		"create TEMP", "write TEMP", "sync TEMP", "link TEMP .inbox.lock", "remove TEMP",
		"mkdir TEMP", "rename TEMP deleted",
		"create deleted/TEMP", "write deleted/TEMP", "sync deleted/TEMP", "link deleted/TEMP deleted/20260219_080003__1.json", "remove deleted/TEMP",
		"sync deleted", "sync .",
		"create TEMP", "write TEMP", "sync TEMP", "rename TEMP inbox.json", "sync .",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAMessageLeavesTheInboxOnlyOnceItIsArchived(t *testing.T) {
	t.Parallel()
	for _, step := range []string{
		"mkdir TEMP", "rename TEMP deleted", "create deleted/TEMP", "write deleted/TEMP", "sync deleted/TEMP", "link deleted/TEMP deleted/20260219_080003__1.json", "sync deleted", "sync .",
	} {
		const before = `{"messages": [{"id": "1"}]}`
		dir := put(t, before)
		if _, err := archiveInSteps(t, dir, step); err == nil || inbox(t, dir) != before {
			t.Errorf("%s failed: got %v and %s", step, err, inbox(t, dir))
		}
		for name := range tree(t, dir) {
			if strings.Contains(name, tempPrefix) {
				t.Errorf("%s failed: %s is left", step, name)
			}
		}
	}
}

func TestAMessageThatCouldNotLeaveTheInboxHasAnArchiveAllTheSame(t *testing.T) {
	t.Parallel()
	const before = `{"messages": [{"id": "1"}]}`
	dir := put(t, before)
	_, err := archiveInSteps(t, dir, "rename TEMP inbox.json")
	if err == nil || inbox(t, dir) != before || len(archives(t, dir)) != 1 {
		t.Errorf("got %v, %s and %v", err, inbox(t, dir), archives(t, dir))
	}
}

func TestNoTemporaryFileHasANameThatAIPassReads(t *testing.T) {
	t.Parallel()
	for range 1000 {
		name := tempName()
		if match, _ := path.Match("*.json", name); match || strings.Contains(name, aipass.InboxFile) || !strings.HasPrefix(name, ".") {
			t.Fatalf("got %s", name)
		}
	}
}
