package aipass

import (
	"cmp"
	"strings"
	"unicode"

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

// maxEntries bounds what a registry may make a look do.
const maxEntries = 100_000

// A SkipReason is why.
type SkipReason int

// The reasons. AIPass passes over the first two as well.
const (
	NoName SkipReason = iota
	NoPath
	BadName       // it is part of file names and shown to people: no slash, nothing that does not print
	SameName      // as an earlier entry, whatever the case
	SameDirectory // as an earlier entry, symbolic links followed
)

// SkipReasons lists all of them, in order.
var SkipReasons = [...]SkipReason{NoName, NoPath, BadName, SameName, SameDirectory}

func (r SkipReason) String() string {
	return [...]string{"no_name", "no_path", "bad_name", "same_name", "same_directory"}[r]
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

func (reg *Registry) parseEntry(d *jsonfile.Decoder, key string) error {
	if len(reg.Entries)+len(reg.skipped) >= maxEntries {
		return errShape("it has more than %d branches", maxEntries)
	}
	var name, email, profile, status, path jsonfile.Value
	kind, err := d.Next()
	if err == nil && kind == jsonfile.Object {
		err = fields(d, func(field string) *jsonfile.Value {
			switch field {
			case "name":
				return &name
			case "email":
				return &email
			case "profile":
				return &profile
			case "status":
				return &status
			case "path":
				return &path
			}
			return nil
		})
	}
	reg.add(Entry{
		Name: cmp.Or(text(name), key), Email: text(email), Profile: text(profile), Status: text(status), path: text(path),
	})
	return err
}

// add keeps an entry, or why it is no branch.
func (reg *Registry) add(e Entry) {
	skip := func(why SkipReason) {
		reg.skipped = append(reg.skipped, Skipped{Name: e.Name, Path: e.path, Reason: why})
	}
	switch {
	case e.Name == "":
		skip(NoName)
	case e.path == "":
		skip(NoPath)
	case strings.Contains(e.Name, "/") || strings.ContainsFunc(e.Name, isUnprintable):
		skip(BadName)
	default:
		e.Email = cmp.Or(e.Email, deriveEmail(e.Name))
		reg.Entries = append(reg.Entries, e)
	}
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

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
