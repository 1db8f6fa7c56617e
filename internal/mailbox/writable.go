package mailbox

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

const (
	writable   = 0x2 // for access(2)
	searchable = 0x1
)

// Writable says what would keep an Update from writing, as far as that can be
// told without writing: whose the files are, and what the system lets this user
// do. Nothing is changed, and the inbox is not read.
func (m Mailbox) Writable() error {
	dir, err := m.o.openFolder(m.dir)
	if err != nil {
		return err
	}
	defer dir.close()
	src, err := openSource(dir)
	if err != nil {
		return err
	}
	defer src.close()
	if err := src.mayReplace(); err != nil {
		return err
	}
	if err := syscall.Access(m.dir, writable|searchable); err != nil {
		return &fs.PathError{Op: "write to", Path: m.dir, Err: err}
	}
	lock, err := dir.lstat(aipass.InboxLock)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !lock.Mode().IsRegular() {
		err = notRegular(dir, aipass.InboxLock, lock)
	}
	return err
}
