package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

var errOwners = errors.New("of different users")

// sameOwner says what in a mailbox belongs to another user than the mailbox: with
// a foreign lock file or archive, AIPass's own programs could not use it.
func sameOwner(dir string) error {
	owner, err := ownerOf(dir)
	if err != nil {
		return err
	}
	for _, name := range [...]string{aipass.InboxFile, aipass.InboxLock, aipass.ClosedMailDir} {
		path := filepath.Join(dir, name)
		switch other, err := ownerOf(path); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case other != owner:
			return fmt.Errorf("%s belongs to user %d and %s to user %d: %w", dir, owner, name, other, errOwners)
		}
	}
	return nil
}

func ownerOf(path string) (uint32, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("%s: its owner cannot be told", path)
	}
	return st.Uid, nil
}

func remedyOf(err error) string {
	if errors.Is(err, errOwners) {
		return "give all of it to AIPass's own user with chown -R"
	}
	return mailbox.Remedy(err)
}

// Bits of access(2).
const (
	readable   = 0x4
	writable   = 0x2
	searchable = 0x1
)

// mayUse asks the system what this user may do with a file.
func mayUse(path string, how uint32) error {
	if err := syscall.Access(path, how); err != nil {
		return &fs.PathError{Op: "use", Path: path, Err: err}
	}
	return nil
}
