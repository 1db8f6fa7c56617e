package mailbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// calmly is what the write leaves where there is room.
func (w write) calmly(t *testing.T) (want state) {
	t.Helper()
	if !t.Run(w.name, func(t *testing.T) { _, want = w.calm(t, t.TempDir()) }) {
		t.FailNow()
	}
	return want
}

// inNeed does a write where there may be no room for it, and then once more
// where there is.
func (w write) inNeed(t *testing.T, errno syscall.Errno, want state, fill, free func()) error {
	t.Helper()
	disk, old := w.lay(t, t.TempDir())
	edit := w.edit()
	fill()
	err := newSystem(disk).update(t, edit)
	free()
	if err != nil && !errors.Is(err, errno) {
		t.Errorf("got error %v, want %v", err, errno)
	}
	got := look(t, disk.dir)
	checkInbox(t, fault{}, step{}, err, got, old, want)
	w.checkMail(t, got, old, 1, 2)
	if len(got.temporary) > 0 {
		t.Errorf("it left %q", got.temporary)
	}
	must(t, newSystem(disk).update(t, edit))
	w.checkRetry(t, fault{}, step{}, look(t, disk.dir), old, want)
	for _, wrong := range disk.wrongs {
		t.Error(wrong)
	}
	return err
}

const ownLimits = "MAILBOX_TEST_HAS_OWN_LIMITS"

// A disk without room, for who may not mount one: files may not grow beyond so
// many bytes.
func TestFilesThatMayNotGrow(t *testing.T) {
	if os.Getenv(ownLimits) == "" {
		t.Parallel()
		cmd := exec.Command(os.Args[0], "-test.run=^TestFilesThatMayNotGrow$", "-test.v")
		cmd.Env = append(os.Environ(), ownLimits+"=yes", "GORACE=atexit_sleep_ms=0")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: ") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	var all syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &all))
	for _, w := range writes {
		want := w.calmly(t)
		for _, size := range []uint64{0, 1, 100, 150, 200, uint64(len(want.inbox)) - 1} {
			t.Run(fmt.Sprintf("%s, %d bytes", w.name, size), func(t *testing.T) {
				err := w.inNeed(t, syscall.EFBIG, want, func() {
					must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: all.Max}))
				}, func() { must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &all)) })
				if err == nil {
					t.Error("there was room after all")
				}
			})
		}
	}
}
