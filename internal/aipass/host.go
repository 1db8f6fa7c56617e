package aipass

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A host is what must be known of a host before its branches.
type host struct {
	registries [len(layouts)]File[Registry]
	limits     [len(layouts)]File[limits]
	dirs       *resolver
	branches   []pending
	skipped    []Skipped
}

func (l *looker) host() host {
	h := host{dirs: newResolver(l.tree.root, l.tree.options.PathMap)}
	for _, of := range layouts {
		h.registries[of] = load(l, l.tree.path(registryFile(of)), "", parseRegistry)
		h.limits[of] = load(l, l.tree.path(memoryConfig(of)), "", func(d *jsonfile.Decoder) (limits, error) {
			return parseLimits(d, of)
		})
		if !h.limits[of].OK() { // AIPass falls back to its own defaults as well
			h.limits[of].Value = newLimits(of)
		}
	}
	h.branches, h.skipped = h.pending()
	for of := range h.registries {
		h.registries[of].Value = Registry{} // branches has it all
	}
	return h
}

// unseenHost is a host that there was no time to look at.
func unseenHost(why error) host {
	var h host
	for _, of := range layouts {
		h.registries[of].Err, h.limits[of].Err = why, why
	}
	return h
}

// plans adds up the plan registries of both generations.
func (l *looker) plans(h *host) File[Plans] {
	if l.tree.options.MailOnly {
		return unseen[Plans](errNotAsked)
	}
	paths, err := l.planRegistries(h)
	heads := []Head{{Err: err}}
	var sum Plans
	for _, path := range paths {
		f := load(l, path, "", func(d *jsonfile.Decoder) (Plans, error) {
			return parsePlans(d, planPrefix(filepath.Base(path)), l.tree.options.Location)
		})
		sum.merge(f.Value)
		heads = append(heads, f.Head)
	}
	return File[Plans]{Head: worst(heads...), Value: sum}
}

// planRegistries finds them in FLOW's directory, wherever the registry has it;
// err is why some may be missing, which fs.ErrNotExist is if nothing is wrong.
func (l *looker) planRegistries(h *host) (paths []string, err error) {
	err = fmt.Errorf("plan registry: %w", fs.ErrNotExist)
	for _, of := range layouts {
		dir := filepath.Join(l.flow(h, of), flowData)
		entries, dirErr := os.ReadDir(dir)
		if dirErr != nil && !errors.Is(dirErr, fs.ErrNotExist) { // no directory, no plans
			err = dirErr
		}
		for _, e := range entries {
			if isPlanRegistry(of, e.Name()) {
				paths = append(paths, filepath.Join(dir, e.Name()))
			}
		}
	}
	return paths, err
}

func (l *looker) flow(h *host, of Layout) string {
	for _, p := range h.branches {
		if p.layout == of && strings.EqualFold(p.Name, flowBranch) {
			if dir, _, err := h.dirs.directory(p.path); err == nil {
				return dir
			}
		}
	}
	return l.tree.path(flowDir(of))
}
