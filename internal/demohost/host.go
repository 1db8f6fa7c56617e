// Package demohost lays an AIPass host on disk that nobody lives on: a demo
// whose branches are healthy, sick and of both generations, and a generator of
// large regular hosts for benchmarks. Tests, documentation and `test/layhost`
// use it, so that all of them speak of the same branches.
//
// What it writes depends on the directory and the given time alone. It writes
// into new or empty directories only, and knows nothing of the code that reads
// its hosts: the formats are spelt out here a second time, on purpose.
package demohost

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const day = 24 * time.Hour

// A host is a set of files that are not on disk yet, by their path below the
// root, with slashes.
type host struct {
	root  string
	now   time.Time
	files map[string]file
}

// A file is either text or a document, which is written as JSON. Its age is
// that of its modification time.
type file struct {
	age  time.Duration
	text string
	doc  any
	half bool // only the first half reaches the disk, as after a crash
}

func newHost(root string, now time.Time) host {
	return host{root: root, now: now, files: make(map[string]file)}
}

func (h host) text(name string, age time.Duration, text string) {
	h.files[name] = file{age: age, text: text}
}

func (h host) doc(name string, age time.Duration, doc any) {
	h.files[name] = file{age: age, doc: doc}
}

// stamp is the local time without a zone that AIPass writes nearly everywhere.
func (h host) stamp(age time.Duration) string {
	return h.now.Add(-age).Format(time.DateTime)
}

func (h host) date(age time.Duration) string {
	return h.now.Add(-age).Format(time.DateOnly)
}

// iso is Python's isoformat() of a local time.
func (h host) iso(age time.Duration) string {
	return h.now.Add(-age).Format("2006-01-02T15:04:05.000000")
}

// utc is Python's isoformat() of a time in UTC, as plans carry it.
func (h host) utc(age time.Duration) string {
	return h.now.Add(-age).UTC().Format("2006-01-02T15:04:05.000000-07:00")
}

// write puts the host on disk. Directories get their times last, because every
// new file in them would change these again.
func (h host) write() error {
	for _, name := range slices.Sorted(maps.Keys(h.files)) {
		if err := h.writeFile(name, h.files[name]); err != nil {
			return err
		}
	}
	for dir := range h.dirs() {
		if err := os.Chtimes(h.onDisk(dir), h.now, h.now); err != nil {
			return err
		}
	}
	return nil
}

func (h host) writeFile(name string, f file) error {
	data, err := f.bytes()
	if err != nil {
		return err
	}
	target := h.onDisk(name)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(target, data, 0o644); err != nil {
		return err
	}
	changed := h.now.Add(-f.age)
	return os.Chtimes(target, changed, changed)
}

// dirs is every directory that holds a file, directly or deeper down.
func (h host) dirs() map[string]bool {
	dirs := map[string]bool{}
	for name := range h.files {
		for dir := path.Dir(name); !dirs[dir]; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	return dirs
}

func (h host) onDisk(name string) string {
	return filepath.Join(h.root, filepath.FromSlash(name))
}

func (f file) bytes() ([]byte, error) {
	data := []byte(f.text)
	if f.doc != nil {
		text, err := encode(f.doc)
		if err != nil {
			return nil, err
		}
		data = []byte(text)
	}
	if f.half {
		data = data[:len(data)/2]
	}
	return data, nil
}

// below tells whether name is the directory dir or something in it.
func below(dir, name string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}
