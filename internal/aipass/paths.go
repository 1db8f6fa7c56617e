package aipass

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// A PathMapping says that what the registry calls From stands under To here:
// registries hold absolute paths, and this may be another machine or a backup.
type PathMapping struct{ From, To string }

// ParsePathMapping reads FROM=TO.
func ParsePathMapping(s string) (PathMapping, error) {
	from, to, ok := strings.Cut(s, "=")
	if !ok || !filepath.IsAbs(from) || to == "" {
		return PathMapping{}, fmt.Errorf("path map %q: want FROM=TO, FROM being an absolute path as the registry has it", s)
	}
	to, err := filepath.Abs(to)
	if err != nil {
		return PathMapping{}, fmt.Errorf("path map %q: %w", s, err)
	}
	return PathMapping{From: filepath.Clean(from), To: to}, nil
}

// ErrOutsideRoot says that a registered path leads out of the host.
var ErrOutsideRoot = errors.New("outside the AIPass home")

// A resolver finds branches' directories. It is safe for concurrent use.
type resolver struct {
	root    string
	maps    []PathMapping
	allowed []string // the root and where the mappings lead, as named and with symbolic links followed
	parents sync.Map // directory → its real path; branches share few parents
}

func newResolver(root string, maps []PathMapping) *resolver {
	r := &resolver{root: root, maps: maps}
	for _, dir := range append([]string{root}, targets(maps)...) {
		r.allowed = append(r.allowed, dir)
		if resolved, err := filepath.EvalSymlinks(dir); err == nil {
			r.allowed = append(r.allowed, resolved)
		}
	}
	return r
}

func targets(maps []PathMapping) []string {
	dirs := make([]string, 0, len(maps))
	for _, m := range maps {
		dirs = append(dirs, m.To)
	}
	return dirs
}

// directory is where a registered path stands on this machine, and its
// FileInfo. A path that leads elsewhere than below the root or a mapping's
// target, by itself or through a symbolic link, is ErrOutsideRoot.
func (r *resolver) directory(registered string) (string, fs.FileInfo, error) {
	dir := r.mapped(registered)
	resolved, err := r.follow(dir)
	if err != nil {
		resolved = dir // which decides whether it is any of our business
	}
	if !r.isAllowed(resolved) {
		return dir, nil, fmt.Errorf("%s: %w", dir, ErrOutsideRoot)
	}
	if err != nil {
		return dir, nil, named(dir, err)
	}
	info, err := os.Stat(resolved)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: dir, Err: errors.New("not a directory")}
	}
	return dir, info, err
}

// named makes sure that an error says which path it is about.
func named(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &fs.PathError{Op: "open", Path: path, Err: err}
}

// mapped applies the longest mapping that fits. "/" is AIPass's own way to
// say that a branch lives in the root itself.
func (r *resolver) mapped(registered string) string {
	if registered == "/" {
		return r.root
	}
	if !filepath.IsAbs(registered) {
		return filepath.Join(r.root, registered)
	}
	dir, longest := filepath.Clean(registered), -1
	for _, m := range r.maps {
		if rest, ok := below(registered, m.From); ok && len(m.From) > longest {
			dir, longest = filepath.Join(m.To, rest), len(m.From)
		}
	}
	return dir
}

func (r *resolver) isAllowed(resolved string) bool {
	for _, base := range r.allowed {
		if _, ok := below(resolved, base); ok {
			return true
		}
	}
	return false
}

// below says whether path is base or in it, and where.
func below(path, base string) (rest string, ok bool) {
	rest, err := filepath.Rel(base, path)
	return rest, err == nil && filepath.IsLocal(rest)
}

// follow follows symbolic links, asking only once for directories that hold
// many branches.
func (r *resolver) follow(dir string) (string, error) {
	parent := filepath.Dir(dir)
	known, ok := r.parents.Load(parent)
	if !ok {
		resolved, err := filepath.EvalSymlinks(parent)
		if err != nil {
			return "", err
		}
		known, _ = r.parents.LoadOrStore(parent, resolved)
	}
	resolved := filepath.Join(known.(string), filepath.Base(dir))
	info, err := os.Lstat(resolved)
	if err != nil {
		return "", err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return filepath.EvalSymlinks(resolved)
	}
	return resolved, nil
}
