package textfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxFileSize bounds what Lint takes into memory, in bytes. node_exporter has no
// bound, and needs about eight times the file's size at each scrape.
const maxFileSize = 256 << 20

// discover lists the files that node_exporter finds by one path, in its order:
// of each directory that matches, the entries that end in ".prom", hidden ones
// and links included, subdirectories not. A pattern without a match is a name.
func discover(path string) (files []string, faults []Finding) {
	matches, err := filepath.Glob(path)
	if err != nil || len(matches) == 0 {
		matches = []string{path}
	}
	for _, match := range matches {
		if info, err := os.Stat(match); err == nil && !info.IsDir() {
			files = append(files, match)
			continue
		}
		entries, err := os.ReadDir(match)
		if err != nil {
			faults = append(faults, Finding{
				File: match, Effect: Unreadable,
				Message: fmt.Sprintf("directory cannot be read: %v", cause(err)),
			})
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".prom") {
				files = append(files, filepath.Join(match, e.Name()))
			}
		}
	}
	return files, faults
}

// readFile reads a file, or finds why node_exporter could not. data is nil if
// there is nothing to judge.
func readFile(path string) (data []byte, findings []Finding) {
	// Opening a FIFO or a device does something to it, so it is looked at first,
	// and opened without waiting in case it has just become one.
	if info, err := os.Stat(path); err == nil {
		if fault, ok := unfit(info); ok {
			return nil, []Finding{fault}
		}
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable("cannot be opened: %v", cause(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable("cannot be examined: %v", cause(err))
	}
	if fault, ok := unfit(info); ok {
		return nil, []Finding{fault}
	}
	data, err = io.ReadAll(io.LimitReader(f, maxFileSize))
	if err != nil {
		return nil, unreadable("cannot be read: %v", cause(err))
	}
	if mode := info.Mode().Perm(); mode&0o004 == 0 {
		findings = []Finding{{
			Effect: Style, Remedy: "chmod 644",
			Message: fmt.Sprintf("has mode %#o: node_exporter can read it only as its owner or group", mode),
		}}
	}
	return data, findings
}

// unfit finds why an open file is none that can be read to its end.
func unfit(info fs.FileInfo) (fault Finding, ok bool) {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return Finding{
			Effect:  Unreadable,
			Message: "is a directory, though it is named like a textfile",
		}, true
	case !mode.IsRegular():
		return Finding{
			Effect:  HostLost,
			Message: fmt.Sprintf("is no regular file (%v): node_exporter may wait for its end at every scrape", mode),
		}, true
	case info.Size() > maxFileSize:
		return Finding{
			Effect:  Unreadable,
			Message: fmt.Sprintf("is larger than %d bytes and was not judged", maxFileSize),
		}, true
	}
	return Finding{}, false
}

func unreadable(format string, args ...any) []Finding {
	return []Finding{{Effect: Unreadable, Message: fmt.Sprintf(format, args...)}}
}

// cause leaves out the path, which the finding names already.
func cause(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}
