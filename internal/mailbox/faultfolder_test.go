package mailbox

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"
	"time"
)

// A fault is what happens at a step.
type fault struct {
	name      string
	errno     syscall.Errno    // the step fails, a write half-way
	lasting   bool             // and so does every later one of its kind
	late      bool             // it says that it failed, and has been done
	dies      bool             // the program ends before it, or amid a write, as with kill -9
	strike    func(dir string) // is done before the step
	ofArchive bool             // the strike, which needs one
}

// A system is the file system as one run of the program meets it.
type system struct {
	at     int // which step is struck, from 1; 0 is none
	fault  fault
	disk   *platter           // is told of every step that was done
	before func(step)         // if set, is called before every step
	syncs  bool               // for real, rather than for the platter only
	steps  []step             // so far
	files  map[*openFile]bool // that are open
	dead   bool
}

func newSystem(disk *platter) *system { return &system{disk: disk, files: map[*openFile]bool{}} }

// errDied is what a program that dies panics with.
var errDied = errors.New("killed")

// update runs an edit as a program of its own.
func (s *system) update(t *testing.T, edit func(*Doc) error) (err error) {
	t.Helper()
	defer func() {
		if r := recover(); r == errDied { //nolint:errorlint // thrown as it is
			err = errDied
		} else if r != nil {
			panic(r)
		}
	}()
	o := Options{openFolder: s.openFolder, Now: s.disk.now}
	if s.fault.lasting {
		o.LockTimeout = 50 * time.Millisecond
	}
	_, err = at(s.disk.dir, o).Update(t.Context(), edit)
	return err
}

// take takes a step, or does what the fault makes of it. half, if there is one,
// is a part of what do does.
func (s *system) take(st step, do func() error, half ...func()) error {
	if s.dead {
		return errors.New("the dead do nothing")
	}
	if s.before != nil {
		s.before(st)
	}
	hit := s.isHit(st)
	if hit {
		st.by = callers()
	}
	s.steps = append(s.steps, st)
	switch {
	case hit && s.fault.dies:
		halves(half)
		s.die()
	case hit && s.fault.strike != nil:
		s.fault.strike(s.disk.dir)
	case hit && s.fault.late:
		_ = s.done(st, do)
		return s.failed(st)
	case hit:
		halves(half)
		return s.failed(st)
	}
	return s.done(st, do)
}

func (s *system) isHit(st step) bool {
	n := len(s.steps) + 1
	return n == s.at || s.fault.lasting && s.at > 0 && n > s.at && st.String() == s.steps[s.at-1].String()
}

func (s *system) failed(st step) error {
	return &fs.PathError{Op: st.op, Path: st.name, Err: s.fault.errno}
}

func halves(half []func()) {
	for _, f := range half {
		f()
	}
}

func (s *system) done(st step, do func() error) error {
	err := do()
	if err == nil {
		s.disk.note(st)
	}
	return err
}

// die ends the program: the kernel closes what it had open, and nothing else
// happens any more.
func (s *system) die() {
	s.dead = true
	for f := range s.files {
		f.file.Close()
	}
	clear(s.files)
	panic(errDied)
}

// openFolder is for [Options].
func (s *system) openFolder(path string) (folder, error) {
	var dir folder
	err := s.take(step{op: "enter"}, func() (err error) {
		dir, err = openFolder(path)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &stepped{dir, s}, nil
}

// stepped is a folder all of whose steps the system takes.
type stepped struct {
	folder
	s *system
}

func (d *stepped) open(name string, flag int, mode fs.FileMode) (file, error) {
	op := "open"
	if flag&os.O_CREATE != 0 {
		op = "create"
	}
	f := &openFile{name: name, s: d.s}
	err := d.s.take(step{op: op, name: name}, func() (err error) {
		f.file, err = d.folder.open(name, flag, mode)
		return err
	})
	if err != nil {
		if f.file != nil {
			f.file.Close() // opened, and said not to be
		}
		return nil, err
	}
	d.s.files[f] = true
	return f, nil
}
