package aipass

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Options say how to look at a host. The zero value looks at a host of this
// machine, in its local time.
type Options struct {
	// PathMap translates registered paths of another machine.
	PathMap []PathMapping
	// Location is the zone of timestamps without one; nil is the machine's.
	Location *time.Location
	// Now is the clock; nil is the machine's. Tests set it.
	Now func() time.Time
	// Alive asks whether a process runs; nil asks the machine. Tests set it.
	Alive func(pid int) bool
}

// A Tree is an AIPass host, not yet looked at. It is immutable and safe for
// concurrent use.
type Tree struct {
	root    string
	options Options
	workers int
}

// Open names the host below root. It reads nothing but checks that root is a
// directory.
func Open(root string, o Options) (Tree, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return Tree{}, fmt.Errorf("AIPass home: %w", err)
	}
	info, err := os.Stat(root)
	if err != nil {
		return Tree{}, fmt.Errorf("AIPass home: %w", err)
	}
	if !info.IsDir() {
		return Tree{}, fmt.Errorf("AIPass home %s: %w", root, errors.New("not a directory"))
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
	return Tree{root: root, options: o, workers: max(2, min(8, runtime.GOMAXPROCS(0)))}, nil
}

// Root is the absolute path of the host.
func (t Tree) Root() string { return t.root }

func (t Tree) path(elem ...string) string {
	return filepath.Join(append([]string{t.root}, elem...)...)
}

// Contains says whether a path, or where it would be made, is in the host,
// symbolic links followed.
func (t Tree) Contains(path string) (bool, error) {
	root, err := filepath.EvalSymlinks(t.root)
	if err != nil {
		return false, err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return false, err
	}
	for {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			_, within := below(real, root)
			return within, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return false, err
		}
		path = filepath.Dir(path) // what is not there yet is made below what is
	}
}
