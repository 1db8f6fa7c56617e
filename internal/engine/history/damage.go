package history

import (
	"context"
	"errors"
	"syscall"
)

// Damaged says that an error is of what was read from the history: SetAside helps,
// and nothing else does.
func Damaged(err error) bool {
	var d damageError
	return errors.As(err, &d)
}

type damageError struct{ error }

func (d damageError) Unwrap() error { return d.error }

// read is the error of reading the database's files.
func read(err error) error {
	if err == nil || !ofFiles(err) {
		return err
	}
	return damageError{err}
}

// ofFiles tells what is wrong with the files from what is wrong with the machine,
// such as a full disk, another process, a permission, or a run that is to end.
func ofFiles(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return true
	}
	switch errno {
	case syscall.ENOENT, syscall.ENOTDIR, syscall.EISDIR, syscall.EINVAL:
		return true
	}
	return false
}
