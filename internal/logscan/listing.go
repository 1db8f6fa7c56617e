package logscan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// An entry is a log as its directory lists it.
type entry struct {
	name string
	logName
	dev, ino int64
	size     int64
	changed  int64 // as in a checkpoint
}

// maxEntries is how many logs of one directory are counted, rotated ones
// included, so that whoever may write logs cannot make state without end.
const maxEntries = 100_000

// list finds the logs in a directory and what rotation made of them, in the
// order of their names; a directory that is missing holds none. A log that has
// two names now, for it is being renamed, comes under the first.
func list(dir string, taken time.Time) ([]entry, error) {
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var entries []entry
	for {
		batch, err := d.ReadDir(1024)
		for _, e := range batch {
			if found, ok := newEntry(e, taken); ok {
				entries = append(entries, found)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return sorted(entries), nil
		case err != nil:
			return nil, &fs.PathError{Op: "read", Path: dir, Err: err}
		case len(entries) > maxEntries:
			return nil, fmt.Errorf("%s: more than %d logs", dir, maxEntries)
		}
	}
}

func newEntry(e fs.DirEntry, taken time.Time) (found entry, ok bool) {
	name, ok := parseName(e.Name())
	if !ok || !e.Type().IsRegular() {
		return entry{}, false
	}
	info, err := e.Info()
	if err != nil { // it is being renamed or removed
		return entry{}, false
	}
	found = entry{name: e.Name(), logName: name}
	return found, found.fill(info, taken)
}

// fill has what the file system says of the file.
func (e *entry) fill(info fs.FileInfo, taken time.Time) (ok bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() {
		return false
	}
	e.dev, e.ino = int64(st.Dev), int64(st.Ino)
	e.size, e.changed = info.Size(), changeTime(jsonfile.ChangeTime(st), taken)
	return true
}

func sorted(entries []entry) []entry {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	seen := make(map[int64]bool, len(entries))
	return slices.DeleteFunc(entries, func(e entry) bool {
		twice := seen[e.ino]
		seen[e.ino] = true
		return twice
	})
}
