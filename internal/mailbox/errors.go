package mailbox

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// What keeps a mailbox from being changed. Nothing has been written then, with
// the exceptions that are named.
var (
	// ErrLocked: another program kept the lock for too long.
	ErrLocked = errors.New("locked by another program")
	// ErrBusy: an unlocked program rewrote the inbox however often it was tried.
	ErrBusy = errors.New("rewritten by another program all the time")
	// ErrUndone: the change was made, and a program without the lock wrote an
	// older inbox over it, again and again.
	ErrUndone = errors.New("undone by a program that does not take the lock")
	// ErrNotDurable: the change was made and may not survive a power cut.
	ErrNotDurable = errors.New("changed, but not safe from a power cut")
	// ErrForeignOwner: replacing the file would lock its owner out.
	ErrForeignOwner = errors.New("not this user's file")
	// ErrNotRegular: a directory, a symbolic link or the like stands there.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTooLarge: the inbox is larger than can be changed in memory.
	ErrTooLarge = errors.New("larger than 256 MiB")

	errNotDirectory = errors.New("not a directory")
)

// Lasting says that an error stays until a person does something about the
// mailbox: to try again later is in vain.
func Lasting(err error) bool {
	for _, lasting := range [...]error{ErrForeignOwner, ErrNotRegular, ErrTooLarge, errNotDirectory, jsonfile.ErrMalformed, fs.ErrPermission, fs.ErrNotExist} {
		if errors.Is(err, lasting) {
			return true
		}
	}
	return false
}

// Remedy says what a person can do about an error of this package.
func Remedy(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "run it again; what was done is done"
	case errors.Is(err, ErrForeignOwner):
		return "run as the user and group whom the mailbox belongs to, or as root, who can keep them"
	case errors.Is(err, ErrLocked):
		return "see who holds it with lslocks or fuser, and try again"
	case errors.Is(err, ErrBusy), errors.Is(err, ErrUndone):
		return "see which program rewrites the inbox all the time, and try again when it has ended"
	case errors.Is(err, ErrNotRegular):
		return "put the real file in its place; links and the like are not followed"
	case errors.Is(err, errNotDirectory):
		return "put the real directory in its place; links are not followed"
	case errors.Is(err, ErrTooLarge):
		return "see what made the inbox so large, and move it away"
	case errors.Is(err, jsonfile.ErrMalformed):
		return "repair the file by hand or from a backup; AIPass cannot read it either"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "make room on the disk; nothing has been lost"
	case errors.Is(err, syscall.EROFS):
		return "mount the file system for writing"
	case errors.Is(err, fs.ErrPermission):
		return "run as AIPass's own user, or let this one write to the mailbox"
	case isVanished(err):
		return "set AI_Mail up in the branch, or take it out of the registry"
	case errors.Is(err, context.DeadlineExceeded):
		return "give the run more time"
	}
	return "see what the system says of it, and whether the disk is sound"
}
