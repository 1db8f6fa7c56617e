package logscan

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A stateDecoder reads what encode writes, and nothing else: a state that
// somebody has changed would make counters that are wrong for ever.
type stateDecoder struct {
	json *jsonfile.Decoder
}

func decode(r io.Reader) (state, error) {
	s, d := newState(""), stateDecoder{jsonfile.NewDecoder(r)}
	given := 0
	err := d.json.Object(func(name string) error {
		switch name {
		case "version":
			return d.version(&given)
		case "home":
			return d.name(&s.home)
		case "totals":
			return d.json.Array(func() error { return d.totals(s) })
		case "dirs":
			return d.json.Array(func() error { return d.directory(s) })
		}
		return unknown(name)
	})
	if err == nil {
		err = d.json.End()
	}
	if err == nil && given != version {
		err = errors.New("it has no version")
	}
	return s, err
}

func unknown(member string) error { return fmt.Errorf("no member is called %q", member) }

func (d stateDecoder) version(given *int) error {
	v, err := d.json.Value()
	if err == nil && v.Text != strconv.Itoa(version) {
		err = fmt.Errorf("version %.20q is another program's", v.Text)
	}
	*given = version
	return err
}

func (d stateDecoder) totals(s state) error {
	var source aipass.LogSource
	var t aipass.LogTotals
	var gone int64
	fields := append(fieldsOf(&t), field{"gone", &gone, false})
	err := d.json.Object(func(name string) error {
		switch name {
		case "branch":
			return d.name(&source.Branch)
		case "scope":
			return d.scope(&source.Scope)
		}
		return d.field(fields, name)
	})
	of := s.totals[source.Branch]
	of[source.Scope] = t
	s.totals[source.Branch] = of
	if gone != 0 {
		s.left[source.Branch] = gone
	}
	return err
}

func (d stateDecoder) scope(into *aipass.LogScope) error {
	v, err := d.json.Value()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(aipass.LogScopes[:], func(s aipass.LogScope) bool { return s.String() == v.Text })
	if i < 0 {
		return fmt.Errorf("no scope is called %q", v.Text)
	}
	*into = aipass.LogScopes[i]
	return nil
}

func (d stateDecoder) directory(s state) error {
	var path string
	var dir directory
	err := d.json.Object(func(name string) error {
		switch name {
		case "path":
			return d.name(&path)
		case "files":
			return d.json.Array(func() error { return d.file(&dir) })
		}
		return d.field([]field{{"gone", &dir.gone, false}}, name)
	})
	s.dirs[path] = dir
	return err
}

func (d stateDecoder) file(dir *directory) error {
	var c checkpoint
	fields := c.fields()
	err := d.json.Object(func(name string) error {
		switch name {
		case "name":
			return d.name(&c.name)
		case "inside":
			return d.flag(&c.inside)
		case "cut":
			return d.flag(&c.cut)
		}
		return d.field(fields, name)
	})
	if err == nil && c.offset > c.size {
		err = fmt.Errorf("%q was read beyond its end", c.name)
	}
	dir.files = append(dir.files, c)
	return err
}

// field reads a number.
func (d stateDecoder) field(fields []field, name string) error {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return unknown(name)
	}
	v, err := d.json.Value()
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil || v.Kind != jsonfile.Number {
		return fmt.Errorf("%s is no whole number: %.20q", name, v.Text)
	}
	if n < 0 && !fields[i].spread {
		return fmt.Errorf("%s is below zero", name)
	}
	*fields[i].at = n
	return nil
}

func (d stateDecoder) flag(into *bool) error {
	v, err := d.json.Value()
	*into = v.Truthy
	return err
}

func (d stateDecoder) name(into *string) error {
	v, err := d.json.Value()
	if err != nil {
		return err
	}
	if v.Kind != jsonfile.String {
		return errors.New("a name is no string")
	}
	*into, err = unquoted(v.Text)
	return err
}
