package mailbox

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// An ownership is what a new file takes over from the one that it stands for,
// so that AIPass is never locked out of its own mail.
type ownership struct {
	mode     fs.FileMode
	uid, gid int
}

func ownershipOf(info fs.FileInfo) (ownership, error) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ownership{}, errors.New("the system does not say who owns a file")
	}
	return ownership{info.Mode().Perm(), int(st.Uid), int(st.Gid)}, nil
}

// directory is the ownership of a directory for such files.
func (o ownership) directory() ownership {
	o.mode |= o.mode >> 2 & 0o111 // who may read may search
	return o
}

// give makes an open file look like one of its owner's.
func (o ownership) give(f file, name string) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", name, err)
	}
	have, err := ownershipOf(info)
	if err != nil {
		return err
	}
	if have.uid != o.uid || have.gid != o.gid {
		if err := f.Chown(o.uid, o.gid); err != nil {
			return fmt.Errorf("give %s to user %d, group %d: %w: %w", name, o.uid, o.gid, ErrForeignOwner, err)
		}
	}
	if have.mode == o.mode {
		return nil
	}
	if err := f.Chmod(o.mode); err != nil { // after the owner, which resets bits of it
		return fmt.Errorf("set mode of %s: %w", name, err)
	}
	return nil
}

// writeTemp makes a temporary file in a directory of the folder, complete and
// on the disk, and returns it open. The caller renames or removes it.
func writeTemp(dir folder, in string, data []byte, own ownership) (_ file, _ string, err error) {
	temp := path.Join(in, tempName())
	f, err := dir.open(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if err != nil {
			f.Close()
			_ = dir.remove(temp) // the first error is the one to report
		}
	}()
	if err := own.give(f, dir.path(temp)); err != nil {
		return nil, "", err
	}
	if _, err := f.Write(data); err != nil {
		return nil, "", fmt.Errorf("write %s: %w", dir.path(temp), err)
	}
	// Before the rename: a file system may order that before the data, and a
	// power cut would then leave an empty inbox.
	if err := f.Sync(); err != nil {
		return nil, "", fmt.Errorf("sync %s: %w", dir.path(temp), err)
	}
	return f, temp, nil
}

// Temporary files end in their random part, for AIPass takes every *.json in
// deleted/ for a message and every inbox.json for a mailbox.
const tempPrefix = ".aipass-actions.tmp-"

func tempName() string {
	var random [8]byte
	rand.Read(random[:]) // never fails, by its contract
	return tempPrefix + hex.EncodeToString(random[:])
}

// removeLeftovers removes what writers that were killed left in a directory of
// the folder. Whoever holds the lock is the only writer. It is housekeeping:
// what cannot be removed now may be next time.
func removeLeftovers(dir folder, in string) {
	names, err := list(dir, in)
	if err != nil {
		return
	}
	for _, name := range names {
		if strings.HasPrefix(name, tempPrefix) {
			_ = dir.remove(path.Join(in, name))
		}
	}
}
