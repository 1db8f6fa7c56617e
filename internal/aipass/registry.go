package aipass

import (
	"strings"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// An Entry is a branch as the registry has it.
type Entry struct {
	Name    string // the branch label of every metric
	Email   string // as registered, else derived as AIPass derives it
	Profile string
	Status  string
	path    string // as registered: absolute, or relative to the root
}

// A Registry is a BRANCH_REGISTRY.json or AIPASS_REGISTRY.json.
type Registry struct {
	Entries []Entry
	skipped []Skipped
}

// A Skipped is a registry entry that is no branch of its own.
type Skipped struct {
	Name   string
	Path   string // as registered, if it is
	Reason SkipReason
	Other  string // the branch it would double, if any
}

// A SkipReason is why.
type SkipReason int

// The reasons. AIPass passes over the first two as well.
const (
	NoName SkipReason = iota
	NoPath
	SameName      // as an earlier entry, whatever the case
	SameDirectory // as an earlier entry, symbolic links followed
)

// SkipReasons lists all of them, in order.
var SkipReasons = [...]SkipReason{NoName, NoPath, SameName, SameDirectory}

func (r SkipReason) String() string {
	return [...]string{"no_name", "no_path", "same_name", "same_directory"}[r]
}

// parseRegistry reads a registry whose branches are a list, or an object
// keyed by name.
func parseRegistry(d *jsonfile.Decoder) (Registry, error) {
	var reg Registry
	if err := wantObject(d); err != nil {
		return reg, err
	}
	found := false
	err := d.Object(func(name string) error {
		if name != "branches" {
			return nil
		}
		found, reg = true, Registry{}
		return reg.parseBranches(d)
	})
	if err == nil && !found {
		err = errShape("it has no branches")
	}
	return reg, err
}

func (reg *Registry) parseBranches(d *jsonfile.Decoder) error {
	kind, err := d.Next()
	switch {
	case err != nil:
		return err
	case kind == jsonfile.Array:
		return d.Array(func() error { return reg.parseEntry(d, "") })
	case kind == jsonfile.Object:
		return d.Object(func(name string) error { return reg.parseEntry(d, name) })
	}
	return errShape("its branches are neither a list nor an object")
}

func (reg *Registry) parseEntry(d *jsonfile.Decoder, name string) error {
	e := Entry{Name: name}
	fields := map[string]*string{
		"name": &e.Name, "email": &e.Email, "profile": &e.Profile, "status": &e.Status, "path": &e.path,
	}
	err := members(d, func(field string) error {
		into, known := fields[field]
		if !known {
			return nil
		}
		v, err := d.Value()
		if v.Kind == jsonfile.String {
			*into = v.Text
		}
		return err
	})
	switch {
	case e.Name == "" || strings.Contains(e.Name, "/"): // it is part of file names
		reg.skipped = append(reg.skipped, Skipped{Path: e.path, Reason: NoName})
	case e.path == "":
		reg.skipped = append(reg.skipped, Skipped{Name: e.Name, Reason: NoPath})
	default:
		if e.Email == "" {
			e.Email = deriveEmail(e.Name)
		}
		reg.Entries = append(reg.Entries, e)
	}
	return err
}

// deriveEmail makes an address of a branch's name by AIPass's own rule.
func deriveEmail(name string) string {
	_, afterDot, hasDot := cutLast(name, ".")
	first, _, hasSpace := strings.Cut(name, " ")
	rest, isAIPass := strings.CutPrefix(name, "AIPASS-")
	local := ""
	switch {
	case hasDot:
		local = afterDot
	case hasSpace:
		local = first
	case isAIPass:
		local = rest
	default:
		local, _, _ = strings.Cut(name, "-")
	}
	return "@" + strings.ToLower(local)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
