package mailbox

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// A folder is a mailbox's directory. Everything that this package does to the
// file system is one of these steps, so that tests can make each of them fail.
// Names are relative to the directory and cannot lead out of it, not even
// through a symbolic link that somebody puts there meanwhile.
type folder interface {
	open(name string, flag int, mode fs.FileMode) (file, error)
	lstat(name string) (fs.FileInfo, error)
	rename(from, to string) error
	link(from, to string) error // fails if there is something
	remove(name string) error
	mkdir(name string, mode fs.FileMode) error
	path(name string) string // for people
	close() error
}

// A file is an open file of a folder, or a directory in it.
type file interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Fd() uintptr
	Stat() (fs.FileInfo, error)
	Sync() error
	Chmod(mode fs.FileMode) error
	Chown(uid, gid int) error
	Readdirnames(n int) ([]string, error)
}

// openFolder opens a directory of the file system that is no symbolic link.
func openFolder(path string) (folder, error) {
	path = filepath.Clean(path) // or of x/ the parent would be x
	parent, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer parent.Close()
	info, err := parent.Lstat(filepath.Base(path))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: underlying(err)}
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s (%s): %w", path, info.Mode(), errNotDirectory)
	}
	root, err := parent.OpenRoot(filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return disk{root, path}, nil
}

// underlying is the system's own error without the relative path.
func underlying(err error) error {
	if pathErr, ok := err.(*fs.PathError); ok { //nolint:errorlint // os.Root returns it unwrapped
		return pathErr.Err
	}
	return err
}

// disk is the folder that is not a test's.
type disk struct {
	root *os.Root
	dir  string
}

func (d disk) open(name string, flag int, mode fs.FileMode) (file, error) {
	f, err := d.root.OpenFile(name, flag|syscall.O_NONBLOCK, mode)
	if err != nil {
		return nil, d.named("open", name, err)
	}
	return f, nil
}

func (d disk) lstat(name string) (fs.FileInfo, error) {
	info, err := d.root.Lstat(name)
	return info, d.named("look at", name, err)
}

func (d disk) rename(from, to string) error { return d.named("replace", to, d.root.Rename(from, to)) }
func (d disk) link(from, to string) error   { return d.named("create", to, d.root.Link(from, to)) }
func (d disk) remove(name string) error     { return d.named("remove", name, d.root.Remove(name)) }
func (d disk) path(name string) string      { return filepath.Join(d.dir, name) }
func (d disk) close() error                 { return d.root.Close() }

func (d disk) mkdir(name string, mode fs.FileMode) error {
	return d.named("create", name, d.root.Mkdir(name, mode))
}

// named makes an error say the whole path.
func (d disk) named(op, name string, err error) error {
	if err == nil {
		return nil
	}
	if linkErr, ok := err.(*os.LinkError); ok { //nolint:errorlint // os.Root returns it unwrapped
		err = linkErr.Err
	}
	return &fs.PathError{Op: op, Path: d.path(name), Err: underlying(err)}
}

// syncDir makes what happened in a directory of the folder survive a power cut.
func syncDir(dir folder, name string) error {
	d, err := dir.open(name, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync directory %s: %w", dir.path(name), err)
	}
	return nil
}

// list names what is in a directory of the folder.
func list(dir folder, name string) ([]string, error) {
	d, err := dir.open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir.path(name), err)
	}
	return names, nil
}
