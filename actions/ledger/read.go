package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"
)

// maxLine bounds a line, in bytes: many times what Append writes.
const maxLine = 64 << 10

// Read calls each with the entries since a time, oldest first. Its error tells
// of lines that are none, such as what a crash leaves, and of files that could
// not be read; all others have been read then.
func (l *Ledger) Read(since time.Time, each func(Entry)) error {
	files, err := l.open()
	faults := []error{err}
	for _, f := range slices.Backward(files) {
		faults = append(faults, read(f, since, each))
		f.Close()
	}
	return errors.Join(faults...)
}

// open opens the files, newest first, so that one that is moved aside meanwhile
// is found twice rather than not at all.
func (l *Ledger) open() (files []*os.File, faults error) {
	var seen []fs.FileInfo
	for n := range rotations + 1 {
		f, err := os.OpenFile(l.rotated(n), os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			faults = errors.Join(faults, fmt.Errorf("ledger: %w", err))
			continue
		}
		info, err := f.Stat()
		twice := slices.ContainsFunc(seen, func(other fs.FileInfo) bool { return os.SameFile(info, other) })
		if err != nil || twice || !info.Mode().IsRegular() {
			f.Close()
			continue
		}
		files, seen = append(files, f), append(seen, info)
	}
	return files, faults
}

// read goes through a file.
func read(f *os.File, since time.Time, each func(Entry)) error {
	lines := bufio.NewReaderSize(f, maxLine)
	broken, last := 0, 0
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		if len(line) == 0 && errors.Is(err, io.EOF) {
			break
		}
		var e Entry
		if json.Unmarshal(line, &e) != nil || e.Time.IsZero() {
			broken, last = broken+1, n
		} else if !e.Time.Before(since) {
			each(e)
		}
		if err = rest(lines, err); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	if broken > 0 {
		return fmt.Errorf("%s: %d lines are no entries, and are left out; the last is line %d", f.Name(), broken, last)
	}
	return nil
}

// rest skips what is left of a line that is too long for an entry.
func rest(lines *bufio.Reader, err error) error {
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = lines.ReadSlice('\n')
	}
	return err
}
