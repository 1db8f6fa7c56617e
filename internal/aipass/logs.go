package aipass

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"
)

// A Log is one live log file; rotated ones are not looked at.
type Log struct {
	Name string // the file's name, quoted if it would not print
	Size int64  // bytes
}

// Logs are the log files of one branch in one place.
type Logs struct {
	Files int
	Bytes int64
	// Largest are at most MaxLogs of them, so that whoever may write logs
	// cannot make series without end.
	Largest []Log
}

// MaxLogs is how many logs of a branch in one place are known by name.
const MaxLogs = 100

func (l *Logs) add(log Log) {
	l.Files++
	l.Bytes += log.Size
	l.Largest = append(l.Largest, log)
	if len(l.Largest) == 2*MaxLogs {
		l.trim()
	}
}

// merge adds the logs of a branch that turned out to be the same.
func (l *Logs) merge(other Logs) {
	l.Files += other.Files
	l.Bytes += other.Bytes
	l.Largest = append(l.Largest, other.Largest...)
	l.trim()
}

// trim keeps the largest and puts them in the order of their names.
func (l *Logs) trim() {
	slices.SortFunc(l.Largest, func(a, b Log) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.Name, b.Name))
	})
	l.Largest = l.Largest[:min(len(l.Largest), MaxLogs)]
	slices.SortFunc(l.Largest, func(a, b Log) int { return cmp.Compare(a.Name, b.Name) })
}

// readLogs reads a branch's own logs.
func readLogs(ctx context.Context, dir string) File[Logs] {
	var f File[Logs]
	f.Head = eachLog(ctx, dir, f.Value.add)
	f.Value.trim()
	if !f.OK() {
		f.Value = Logs{}
	}
	return f
}

// eachLog hands the logs of a directory to add, whatever their number.
func eachLog(ctx context.Context, dir string, add func(Log)) Head {
	var h Head
	// Without O_DIRECTORY, opening a FIFO would wait for somebody to write to it.
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		h.Err = err
		return h
	}
	defer d.Close()
	h.fill(d.Stat())
	for h.Err == nil {
		entries, err := d.ReadDir(1024)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			h.Err = &fs.PathError{Op: "read", Path: dir, Err: err}
			break
		}
		addLogs(entries, add)
	}
	return h
}

func addLogs(entries []fs.DirEntry, add func(Log)) {
	for _, e := range entries {
		if !isLog(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		// A log that vanishes now was being rotated away.
		if info, err := e.Info(); err == nil {
			add(Log{Name: printable(e.Name()), Size: info.Size()})
		}
	}
}

// printable makes a file's name fit for a label value. No two names come out
// the same: what begins with a quote is quoted too.
func printable(name string) string {
	if utf8.ValidString(name) && !strings.HasPrefix(name, `"`) && !strings.ContainsFunc(name, isUnprintable) {
		return name
	}
	return strconv.QuoteToASCII(name)
}

// owner names the branch that wrote a system log. AIPass calls these files
// BRANCH_MODULE.log, and branch names contain underscores too, so the longest
// name that fits is the one; ok is false if none does.
func owner(log string, branches map[string]int) (index int, ok bool) {
	name := strings.ToLower(strings.TrimSuffix(log, filepath.Ext(log)))
	for name != "" {
		if i, ok := branches[name]; ok {
			return i, true
		}
		name = name[:max(0, strings.LastIndexByte(name, '_'))]
	}
	return 0, false
}

// systemLogs gives each log of the host's directory to the branch that wrote
// it; the last of the result are those of no branch.
func (l *looker) systemLogs(list []pending) File[[]Logs] {
	if l.tree.options.MailOnly {
		return unseen[[]Logs](errNotAsked)
	}
	index := make(map[string]int, len(list))
	for i, p := range list {
		index[strings.ToLower(p.Name)] = i
	}
	f := File[[]Logs]{Value: make([]Logs, len(list)+1)}
	f.Head = eachLog(l.ctx, l.tree.path(systemLogs), func(log Log) {
		i, ok := owner(log.Name, index)
		if !ok {
			i = len(list)
		}
		f.Value[i].add(log)
	})
	if !f.OK() {
		f.Value = nil
	}
	for i := range f.Value {
		f.Value[i].trim()
	}
	return f
}
