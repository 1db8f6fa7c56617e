package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// How an inbox is read that somebody may be rewriting. A legacy writer is
// between truncate and write for well under a millisecond.
const (
	readPause = 10 * time.Millisecond
	readLimit = 2 * time.Second
	// settled is the age from which on a file counts as not being written.
	settled = 2 * time.Second
)

// maxInbox is how large an inbox may be to be changed, in bytes: it is held in
// memory a few times.
const maxInbox = 256 << 20

// A source is an inbox as read, and the open file that it came from. The file
// stays open so that what an unlocked writer does to it is noticed, even after
// it has been replaced.
type source struct {
	dir     folder
	file    file
	own     ownership
	onDisk  []byte // what the file holds
	content *document
	rescued bool   // the content is another program's, which would be lost
	broken  []byte // what could not be parsed
}

func (s *source) close() { s.file.Close() }

// openSource opens the inbox and makes sure that it may be replaced. Without
// the lock, somebody may be replacing it at that very moment.
func openSource(dir folder) (src *source, err error) {
	for range maxAttempts {
		if src, err = openOnce(dir); !errors.Is(err, errOvertaken) {
			return src, err
		}
	}
	return nil, fmt.Errorf("%s: %w", dir.path(aipass.InboxFile), ErrBusy)
}

func openOnce(dir folder) (*source, error) {
	before, err := dir.lstat(aipass.InboxFile)
	if err != nil {
		return nil, err
	}
	if !before.Mode().IsRegular() {
		return nil, notRegular(dir, aipass.InboxFile, before)
	}
	f, err := dir.open(aipass.InboxFile, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(before, info) {
		err = errOvertaken
	}
	var own ownership
	if err == nil {
		own, err = ownershipOf(info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &source{dir: dir, file: f, own: own}, nil
}

// read reads a whole inbox, trying again for as long as somebody may be at it.
// A fault that lasts is the inbox's own. torn is told of every try in vain.
func (s *source) read(ctx context.Context, torn func()) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	for {
		again, err := s.readOnce()
		if err == nil || !again || pause(ctx, readPause) != nil {
			return err
		}
		torn()
	}
}

// readOnce reads the file once; again says that it may have been half written:
// it is young, or has changed since, or was not read before. Age alone would not
// do: somebody may begin just then, and clocks are set.
func (s *source) readOnce() (again bool, _ error) {
	info, err := s.file.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() > maxInbox {
		return false, s.named(ErrTooLarge)
	}
	data := make([]byte, info.Size())
	if _, err := s.file.ReadAt(data, 0); errors.Is(err, io.EOF) {
		return true, s.named(ErrBusy) // it has become shorter
	} else if err != nil {
		return false, s.named(err)
	}
	young := time.Since(info.ModTime()).Abs() < settled
	content, err := parse(data)
	if err != nil {
		again = young || s.broken == nil || !bytes.Equal(data, s.broken)
		s.broken = data
		return again, s.named(err)
	}
	if young && !s.holds(data) {
		return true, s.named(ErrBusy)
	}
	s.onDisk, s.content = data, content
	return false, nil
}

func (s *source) named(err error) error {
	return fmt.Errorf("%s: %w", s.dir.path(aipass.InboxFile), err)
}

// holds says whether the file's content is this. Times of modification would
// be cheaper, and too coarse: two writes may have the same one.
func (s *source) holds(want []byte) bool {
	in := io.NewSectionReader(s.file, 0, maxInbox+1)
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		if n > len(want) || !bytes.Equal(buf[:n], want[:n]) {
			return false
		}
		want = want[n:]
		if err != nil {
			return errors.Is(err, io.EOF) && len(want) == 0
		}
	}
}

// untouched says whether the inbox is still the file that was read, and holds
// what it held.
func (s *source) untouched() bool {
	opened, err := s.file.Stat()
	if err != nil {
		return false
	}
	found, err := s.dir.lstat(aipass.InboxFile)
	return err == nil && os.SameFile(opened, found) && s.holds(s.onDisk)
}

// mayReplace refuses an inbox whose owner only its owner, or root, can keep.
func (s *source) mayReplace() error {
	if me := os.Geteuid(); me != 0 && s.own.uid != me {
		return fmt.Errorf("%s belongs to user %d, and this is user %d: %w", s.dir.path(aipass.InboxFile), s.own.uid, me, ErrForeignOwner)
	}
	return nil
}

func notRegular(dir folder, name string, info fs.FileInfo) error {
	return fmt.Errorf("%s (%s): %w", dir.path(name), info.Mode(), ErrNotRegular)
}

// isVanished: the directory was removed while it was open.
func isVanished(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESTALE)
}
