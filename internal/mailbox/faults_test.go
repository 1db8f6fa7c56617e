package mailbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// away is where a directory is moved to.
const away = ".moved away"

var faults = []fault{
	{name: "no space from now on", errno: syscall.ENOSPC, lasting: true},
	{name: "no quota", errno: syscall.EDQUOT},
	{name: "i-o error", errno: syscall.EIO},
	{name: "i-o error from now on", errno: syscall.EIO, lasting: true},
	{name: "i-o error after the fact", errno: syscall.EIO, late: true},
	{name: "killed", dies: true},
	{name: "mailbox moved away", strike: func(dir string) { _ = os.Rename(dir, dir+away) }},
	{name: "mailbox removed", strike: func(dir string) { _ = os.RemoveAll(dir) }},
	{name: "archive moved away", ofArchive: true, strike: func(dir string) {
		_ = os.Rename(filepath.Join(dir, aipass.ClosedMailDir), dir+away+aipass.ClosedMailDir)
	}},
}

// Whatever happens at whatever step of whatever write: the inbox is the old one
// or the new one, no message is in neither the inbox nor the archive, the error
// says what happened, and the next try brings it all to a good end.
func TestEveryFaultAtEveryStepOfEveryWrite(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			steps, want := w.calm(t, memory(t))
			for i, st := range steps {
				for _, f := range faults {
					if !f.canHappen(w, st) {
						continue
					}
					t.Run(fmt.Sprintf("%d %s/%s", i+1, st, f.name), func(t *testing.T) {
						w.strike(t, i+1, f, want)
					})
				}
			}
		})
	}
}

// canHappen says whether a fault can happen at a step, and is not what another
// one is: only what writes needs room, and comes to something before it fails.
func (f fault) canHappen(w write, st step) bool {
	switch {
	case f.ofArchive:
		return w.archived != nil
	case f.errno == syscall.EIO && f.lasting:
		return !st.writes()
	case f.lasting || f.late || f.errno == syscall.EDQUOT:
		return st.writes()
	}
	return true
}

// calm does a write to which nothing happens. It returns its steps, and what
// it leaves.
func (w write) calm(t *testing.T, in string) ([]step, state) {
	t.Helper()
	disk, _ := w.lay(t, in)
	s := newSystem(disk)
	must(t, s.update(t, w.edit()))
	if len(s.steps) < 10 || len(s.files) > 0 || len(disk.wrongs) > 0 || disk.mayLose(aipass.InboxFile) {
		t.Fatalf("%d steps, %d files left open, %q", len(s.steps), len(s.files), disk.wrongs)
	}
	return s.steps, look(t, disk.dir)
}

// memory is a temporary directory that needs no disk, where the system has such:
// there are thousands of mailboxes to lay.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "mailbox") //nolint:usetesting // that is on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// lay makes the mailbox that is written to, with somebody's inbox.
func (w write) lay(t *testing.T, in string) (disk *platter, old state) {
	t.Helper()
	disk = newPlatter(filepath.Join(in, "ai_mail.local"))
	file := filepath.Join(disk.dir, aipass.InboxFile)
	must(t, os.Mkdir(disk.dir, 0o755))
	must(t, os.WriteFile(file, []byte(w.inbox), 0o600))
	must(t, os.Chmod(file, 0o660))
	if os.Geteuid() == 0 {
		must(t, os.Chown(file, 1, 1))
	}
	must(t, os.Chtimes(file, now, now))
	if !w.first {
		must(t, os.WriteFile(filepath.Join(disk.dir, aipass.InboxLock), nil, 0o660))
	}
	if w.prepare != nil {
		w.prepare(t, disk)
	}
	return disk, look(t, disk.dir)
}

// strike does a write to which a fault happens, and then once more in peace.
func (w write) strike(t *testing.T, at int, f fault, want state) {
	disk, old := w.lay(t, memory(t))
	edit := w.edit()
	s := newSystem(disk)
	s.at, s.fault = at, f
	err := s.update(t, edit)
	hit := s.steps[at-1]
	checkError(t, f, hit, err)
	if _, stat := os.Stat(disk.dir); f.strike != nil && errors.Is(stat, fs.ErrNotExist) {
		if os.Rename(disk.dir+away, disk.dir) != nil { // it has been removed, and nothing made anew
			checkRemoved(t, s.steps[:at-1], err)
			return
		}
	}
	got := look(t, disk.dir)
	checkInbox(t, f, hit, err, got, old, want)
	w.checkMail(t, got, old, 1, 2)
	if len(got.temporary) > 0 && !mayLeave(f, hit) {
		t.Errorf("it left %q", got.temporary)
	}
	if len(s.files) > 0 {
		t.Errorf("it left %d files open", len(s.files))
	}
	if err == nil && disk.mayLose(aipass.InboxFile) {
		t.Error("it was done, and a power cut may undo it")
	}

	must(t, newSystem(disk).update(t, edit))
	got = look(t, disk.dir)
	if len(got.temporary) > 0 && err == nil { // there was nothing to do again
		must(t, newSystem(disk).update(t, archiving("00000001")))
		got.temporary = look(t, disk.dir).temporary
	}
	w.checkRetry(t, f, hit, got, old, want)
	for _, wrong := range disk.wrongs {
		t.Error(wrong)
	}
}
