package aipass

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"
)

// Options say how to look at a host. The zero value looks at a host of this
// machine, in its local time.
type Options struct {
	// PathMap translates registered paths of another machine.
	PathMap []PathMapping
	// Location is the zone of timestamps without one; nil is the machine's.
	Location *time.Location
	// MailOnly looks at the registry and the mailboxes, and leaves the rest
	// Unreadable, which is then no fault of the host's.
	MailOnly bool
	// Now is the clock; nil is the machine's. Tests set it.
	Now func() time.Time
	// Alive asks whether a process runs; nil asks the machine. Tests set it.
	Alive func(pid int) bool
}

// A Tree is an AIPass host, not yet looked at. It is immutable and safe for
// concurrent use.
type Tree struct {
	root          string
	options       Options
	addressesOnly bool
	workers       int
	alive         *atomic.Int32 // goroutines that read, or hang in reading
	recollection  *Recollection // read-only; nil if looks read everything
	quiet         time.Duration // before a file is recalled
}

// Open names the host below root. It reads nothing but checks that root and
// the targets of the mappings are directories.
func Open(root string, o Options) (Tree, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return Tree{}, fmt.Errorf("AIPass home: %w", err)
	}
	if err := isDirectory(root); err != nil {
		return Tree{}, fmt.Errorf("AIPass home: %w", err)
	}
	for _, m := range o.PathMap {
		if err := isDirectory(m.To); err != nil {
			return Tree{}, fmt.Errorf("path map for %s: %w", m.From, err)
		}
	}
	if o.Location == nil {
		o.Location = time.Local
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Alive == nil {
		o.Alive = alive
	}
	return Tree{root: root, options: o, workers: max(2, min(8, runtime.GOMAXPROCS(0))), alive: new(atomic.Int32), quiet: quietTime}, nil
}

func isDirectory(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s: not a directory", path)
	}
	return err
}

// Root is the absolute path of the host.
func (t Tree) Root() string { return t.root }

func (t Tree) path(elem ...string) string {
	return filepath.Join(append([]string{t.root}, elem...)...)
}

// Contains says whether a path, or where it would be made, is in the host:
// below its root or where a PathMapping leads, symbolic links followed.
func (t Tree) Contains(path string) (bool, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	for {
		resolved, err := filepath.EvalSymlinks(path)
		if err == nil {
			return newResolver(t.root, t.options.PathMap).isAllowed(resolved), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return false, err
		}
		path = filepath.Dir(path) // what is not there yet is made below what is
	}
}
