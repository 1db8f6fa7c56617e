// Package atomicfile replaces a file in one step: a reader sees the old
// content or the new, never a mixture, and after a power cut one of the two is
// on the disk.
//
// It writes beside the target, never in TMPDIR, because a rename across file
// systems is a copy. It takes no lock: two writers at once leave one whole
// version, whose it is nobody can say. It keeps neither the owner nor the links
// of the file that was there, and refuses to replace anything but a regular
// file.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"
)

// ErrNotRegular says that the path exists and is a directory, a symbolic link,
// a FIFO or the like. Replacing it would cut off whoever put it there.
var ErrNotRegular = errors.New("not a regular file")

// bufferSize is large enough that a write of many small pieces costs few
// system calls, in bytes.
const bufferSize = 64 << 10

// Options say how Replace is to treat the new content.
type Options struct {
	// Mode is what the file gets, whatever the umask and the old file say.
	Mode fs.FileMode

	// Check, if set, reads the whole new content before anybody else can. Its
	// error keeps the old file in place.
	Check func(*io.SectionReader) error
}

// Replace makes path hold what write produces. On error path is as it was, and
// nothing of the attempt is left beside it. The one exception is a failing sync
// of the directory, after which the new content is in place but may not
// survive a power cut.
//
// Leftovers of earlier attempts on the same path that were killed half-way are
// removed once they are an hour old, so a writer must not take that long.
func Replace(path string, write func(io.Writer) error, o Options) error {
	if err := refuseSpecial(path); err != nil {
		return err
	}
	removeLeftovers(path, time.Now().Add(-leftoverAge))

	f, err := createTemp(path)
	if err != nil {
		return fmt.Errorf("create temporary file: %w", err)
	}
	done := false
	defer func() {
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()

	if err := fill(f, write, o); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("rename temporary file: %w", err)
	}
	done = true
	return SyncDir(filepath.Dir(path))
}

func refuseSpecial(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at what is to be replaced: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("replace %s (%s): %w", path, info.Mode(), ErrNotRegular)
	}
	return nil
}

// fill writes, checks, syncs and closes the temporary file. The sync comes
// before the rename: file systems may order the rename before the data, and a
// power cut would then leave an empty file under the final name.
func fill(f *os.File, write func(io.Writer) error, o Options) error {
	buf := bufio.NewWriterSize(f, bufferSize)
	if err := write(buf); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	if o.Check != nil {
		if err := o.Check(io.NewSectionReader(f, 0, math.MaxInt64)); err != nil {
			return fmt.Errorf("check new content: %w", err)
		}
	}
	if err := f.Chmod(o.Mode); err != nil {
		return fmt.Errorf("set mode: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync temporary file: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close temporary file: %w", err)
	}
	return nil
}

// SyncDir makes the names in a directory durable: a rename, or a new file.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open directory: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return nil
}
