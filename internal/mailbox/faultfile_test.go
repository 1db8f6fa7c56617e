package mailbox

import "io/fs"

func (d *stepped) lstat(name string) (info fs.FileInfo, err error) {
	err = d.s.take(step{op: "lstat", name: name}, func() (err error) {
		info, err = d.folder.lstat(name)
		return err
	})
	return info, err
}

func (d *stepped) rename(from, to string) error {
	return d.s.take(step{op: "rename", name: from, onto: to}, func() error { return d.folder.rename(from, to) })
}

func (d *stepped) link(from, to string) error {
	return d.s.take(step{op: "link", name: from, onto: to}, func() error { return d.folder.link(from, to) })
}

func (d *stepped) remove(name string) error {
	return d.s.take(step{op: "remove", name: name}, func() error { return d.folder.remove(name) })
}

func (d *stepped) mkdir(name string, mode fs.FileMode) error {
	return d.s.take(step{op: "mkdir", name: name}, func() error { return d.folder.mkdir(name, mode) })
}

// An openFile is one all of whose steps the system takes.
type openFile struct {
	file
	name string
	s    *system
}

func (f *openFile) Read(p []byte) (n int, err error) {
	err = f.s.take(step{op: "read", name: f.name}, func() (err error) {
		n, err = f.file.Read(p)
		return err
	})
	return n, err
}

func (f *openFile) ReadAt(p []byte, at int64) (n int, err error) {
	err = f.s.take(step{op: "read", name: f.name}, func() (err error) {
		n, err = f.file.ReadAt(p, at)
		return err
	})
	return n, err
}

func (f *openFile) Write(p []byte) (n int, err error) {
	err = f.s.take(step{op: "write", name: f.name}, func() (err error) {
		n, err = f.file.Write(p)
		return err
	}, func() { n, _ = f.file.Write(p[:len(p)/2]) })
	return n, err
}

// Close closes whatever is said of it.
func (f *openFile) Close() error {
	defer f.file.Close()
	if f.s.dead {
		return nil
	}
	delete(f.s.files, f)
	return f.s.take(step{op: "close", name: f.name}, func() error { return nil })
}

// Fd is used to lock the file, so of one that fails there is none.
func (f *openFile) Fd() (fd uintptr) {
	err := f.s.take(step{op: "lock", name: f.name}, func() error {
		fd = f.file.Fd()
		return nil
	})
	if err != nil {
		return ^uintptr(0)
	}
	return fd
}

func (f *openFile) Stat() (info fs.FileInfo, err error) {
	err = f.s.take(step{op: "stat", name: f.name}, func() (err error) {
		info, err = f.file.Stat()
		return err
	})
	return info, err
}

func (f *openFile) Sync() error {
	return f.s.take(step{op: "sync", name: f.name}, func() error {
		if f.s.syncs {
			return f.file.Sync()
		}
		return nil
	})
}

func (f *openFile) Chmod(mode fs.FileMode) error {
	return f.s.take(step{op: "chmod", name: f.name}, func() error { return f.file.Chmod(mode) })
}

func (f *openFile) Chown(uid, gid int) error {
	return f.s.take(step{op: "chown", name: f.name}, func() error { return f.file.Chown(uid, gid) })
}

func (f *openFile) Readdirnames(n int) (names []string, err error) {
	err = f.s.take(step{op: "list", name: f.name}, func() (err error) {
		names, err = f.file.Readdirnames(n)
		return err
	})
	return names, err
}
