package aipass

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"
)

// A Log is one live log file; rotated ones are not looked at.
type Log struct {
	Name string // the file's name, quoted if it is not UTF-8
	Size int64  // bytes
}

// readLogs lists the logs of a directory.
func readLogs(ctx context.Context, dir string) File[[]Log] {
	var f File[[]Log]
	// Without O_DIRECTORY, opening a FIFO would wait for somebody to write to it.
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		f.Err = err
		return f
	}
	defer d.Close()
	f.fill(d.Stat())
	if f.Err == nil {
		f.Value, f.Err = listLogs(ctx, d)
	}
	return f
}

func listLogs(ctx context.Context, d *os.File) ([]Log, error) {
	entries, err := d.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var logs []Log
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, &fs.PathError{Op: "read", Path: d.Name(), Err: err}
		}
		if !isLog(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		// A log that vanishes now was being rotated away.
		if info, err := e.Info(); err == nil {
			logs = append(logs, Log{Name: printable(e.Name()), Size: info.Size()})
		}
	}
	return logs, nil
}

// printable makes a file's name fit for a label value. No two names come out
// the same: what begins with a quote is quoted too.
func printable(name string) string {
	if utf8.ValidString(name) && !strings.HasPrefix(name, `"`) {
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
