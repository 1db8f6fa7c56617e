package mailbox

import (
	"io/fs"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hooks are what other programs do just before or after a step, the first time
// that it comes. The keys are such as "before rename inbox.json".
type hooks map[string]func()

func (h hooks) in(o Options) Options {
	o.openFolder = func(path string) (folder, error) {
		dir, err := openFolder(path)
		return hooked{dir, h}, err
	}
	return o
}

func (h hooks) fire(when string) {
	if f := h[when]; f != nil {
		delete(h, when)
		f()
	}
}

type hooked struct {
	folder
	hooks
}

func (h hooked) around(step string, do func() error) error {
	h.fire("before " + step)
	err := do()
	h.fire("after " + step)
	return err
}

func (h hooked) open(name string, flag int, mode fs.FileMode) (f file, err error) {
	err = h.around("open "+name, func() error {
		f, err = h.folder.open(name, flag, mode)
		return err
	})
	if err != nil {
		return nil, err
	}
	return hookedFile{f, h, name}, nil
}

func (h hooked) lstat(name string) (info fs.FileInfo, err error) {
	err = h.around("lstat "+name, func() error {
		info, err = h.folder.lstat(name)
		return err
	})
	return info, err
}

func (h hooked) rename(from, to string) error {
	return h.around("rename "+to, func() error { return h.folder.rename(from, to) })
}

func (h hooked) link(from, to string) error {
	return h.around("link "+to, func() error { return h.folder.link(from, to) })
}

type hookedFile struct {
	file
	hooked
	name string
}

func (f hookedFile) ReadAt(p []byte, offset int64) (n int, err error) {
	err = f.around("read "+f.name, func() error {
		n, err = f.file.ReadAt(p, offset)
		return err
	})
	return n, err
}

// counter is an Observer that counts.
type counter struct{ waited, torn, lost atomic.Int64 }

func (c *counter) LockWaited(d time.Duration) { c.waited.Store(int64(d)) }
func (c *counter) TornRead()                  { c.torn.Add(1) }
func (c *counter) LostUpdate()                { c.lost.Add(1) }

// atClock runs a test with a clock of its own, in which pauses take no time and
// how long something waited can be told exactly. It stands still while the
// system or another process is at work, and begins in the year 2000: files are
// young to it only if stamped so.
func atClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// later has something done when so much time has passed, and before the test
// ends in any case.
func later(t *testing.T, d time.Duration, do func()) {
	t.Helper()
	done := make(chan struct{})
	time.AfterFunc(d, func() {
		defer close(done)
		do()
	})
	t.Cleanup(func() { <-done })
}
