package mailbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Disks that are really full. They are mounted where nobody else sees them: the
// test runs itself again, in a mount namespace that ends with it.

const ownMounts = "MAILBOX_TEST_HAS_OWN_MOUNTS"

func TestARealDiskThatIsFull(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSmallDisks$", "-test.v")
	cmd.Env = append(os.Environ(), ownMounts+"=yes", "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
			AmbientCaps: []uintptr{21}, // CAP_SYS_ADMIN, to mount
		}
	}
	out, err := cmd.CombinedOutput()
	_, ran := errors.AsType[*exec.ExitError](err)
	if err != nil && !ran || strings.Contains(string(out), mountRefused) { // in a chroot it is an invalid argument
		t.Skipf("this system lets nobody mount a disk (%v); TestFilesThatMayNotGrow has the full disk instead", err)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSmallDisks/inodes") {
		t.Errorf("%v\n%s", err, out)
	}
}

const mountRefused = "mounting is refused"

// TestSmallDisks is for a process with mounts of its own only.
func TestSmallDisks(t *testing.T) {
	if os.Getenv(ownMounts) == "" {
		t.Skip("TestARealDiskThatIsFull runs it")
	}
	for _, d := range []smallDisk{
		{"blocks", "size=256k", fillBlocks}, {"inodes", "nr_inodes=40", fillInodes},
	} {
		t.Run(d.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, d.limit); err != nil {
				t.Fatal(mountRefused, err)
			}
			t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
			t.Setenv("TMPDIR", dir)
			d.try(t, dir)
		})
	}
}

// A smallDisk is one on which all room but so much can be taken.
type smallDisk struct {
	name, limit string
	fill        func(t *testing.T, dir string, room int)
}

// mostRoom is more blocks, and more inodes, than any of the writes needs.
const mostRoom = 8

// try does every write with every room, from none to enough.
func (d smallDisk) try(t *testing.T, dir string) {
	t.Helper()
	for _, w := range writes {
		want := w.calmly(t)
		for room := range mostRoom + 1 {
			t.Run(fmt.Sprintf("%s, room %d", w.name, room), func(t *testing.T) {
				filler := filepath.Join(dir, "filler")
				must(t, os.Mkdir(filler, 0o755))
				free := func() { must(t, os.RemoveAll(filler)) }
				t.Cleanup(free)
				err := w.inNeed(t, syscall.ENOSPC, want, func() { d.fill(t, filler, room) }, free)
				if room == 0 && err == nil || room == mostRoom && err != nil {
					t.Errorf("got error %v", err)
				}
			})
		}
	}
}

func fillBlocks(t *testing.T, dir string, room int) {
	t.Helper()
	var st syscall.Statfs_t
	must(t, syscall.Statfs(dir, &st))
	must(t, os.WriteFile(filepath.Join(dir, "blocks"), make([]byte, (int64(st.Bavail)-int64(room))*st.Bsize), 0o600))
}

func fillInodes(t *testing.T, dir string, room int) {
	t.Helper()
	var st syscall.Statfs_t
	must(t, syscall.Statfs(dir, &st))
	for n := range int(st.Ffree) - room {
		must(t, os.WriteFile(filepath.Join(dir, strconv.Itoa(n)), nil, 0o600))
	}
}
