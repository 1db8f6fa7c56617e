package logscan

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// blockSize is how much is read at a time, in bytes; it stays in a processor's
// second cache.
const blockSize = 256 << 10

// A scanner reads logs for one goroutine, with a buffer of its own.
type scanner struct {
	settings
	buffer []byte
}

// settings are those of one count of a whole host.
type settings struct {
	taken    time.Time
	location *time.Location
	fromEnd  bool // logs that nobody knows yet are taken as read
}

// An outcome is what is new of a family.
type outcome struct {
	checkpoints []checkpoint
	news        aipass.LogTotals
	cut         int // files that there was no time for
	unreadable  aipass.UnreadableLogs
}

func (o *outcome) fail(err error) {
	o.unreadable.Files++
	if o.unreadable.Err == nil {
		o.unreadable.Err = err
	}
}

// family reads what is new in a log and in what rotation made of it.
func (s *scanner) family(ctx context.Context, f family) outcome {
	var o outcome
	f.known = slices.Clone(f.known) // whoever gives up on us has the others
	for _, e := range f.files {
		s.file(ctx, &f, e, &o)
	}
	f.depart(s.taken, &o)
	return o
}

// file reads one of the family's files.
func (s *scanner) file(ctx context.Context, f *family, e entry, o *outcome) {
	k := f.byInode(e.ino)
	if k != nil && k.same(e) {
		k.fate = lives
		o.checkpoints = append(o.checkpoints, k.checkpoint)
		return
	}
	if ctx.Err() != nil {
		o.cut++
		return // what is known of it stays
	}
	file, err := s.open(f.dir, &e)
	if errors.Is(err, fs.ErrNotExist) {
		return // the next look finds it under another name
	}
	if err == nil {
		defer file.Close()
		err = s.read(ctx, f, e, file, o)
	}
	if err != nil {
		o.fail(err)
	}
}

// open makes sure that it is the file that was listed, and no link or FIFO that
// somebody has put in its place.
func (s *scanner) open(dir string, e *entry) (*os.File, error) {
	path := filepath.Join(dir, e.name)
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		if ino := e.ino; !e.fill(info, s.taken) || e.ino != ino {
			err = &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// read goes on where the file was left, or begins it.
func (s *scanner) read(ctx context.Context, f *family, e entry, file *os.File, o *outcome) error {
	p, err := s.begin(f, e, file, o)
	if err != nil {
		return err
	}
	began := p.offset
	err = s.toEnd(ctx, file, &p)
	o.news.Read += p.offset - began
	for level, n := range p.tally.messages {
		o.news.Messages[level] += n
	}
	o.news.LastError = max(o.news.LastError, p.lastError)
	p.print, p.inside = p.mark.fingerprint(), p.tally.inside
	o.checkpoints = append(o.checkpoints, p.checkpoint)
	if ctx.Err() != nil && p.cut {
		o.cut++
	}
	return err
}

// A place is where in a file somebody reads.
type place struct {
	checkpoint
	mark      mark
	tally     tally
	rotated   bool // nothing is added to its last line any more
	lastError int64
}

// toEnd counts up to the size that the file had when it was opened.
func (s *scanner) toEnd(ctx context.Context, file io.ReaderAt, p *place) error {
	kept, at := 0, p.offset // what has been read of a line stays in the buffer
	for at < p.size {
		if ctx.Err() != nil {
			p.cut, p.changed = true, 0
			return nil
		}
		room := min(int64(len(s.buffer)-kept), p.size-at)
		n, err := file.ReadAt(s.buffer[kept:kept+int(room)], at)
		text := s.buffer[:kept+n]
		settled := p.tally.add(text)
		s.settle(p, text[:settled])
		kept, at = copy(s.buffer, text[settled:]), at+int64(n)
		if n == 0 && errors.Is(err, io.EOF) { // it has become shorter
			p.size, p.changed = at, 0
		} else if err != nil && !errors.Is(err, io.EOF) {
			p.cut, p.changed = true, 0
			return err
		}
	}
	if p.rotated && kept > 0 {
		p.tally.lastError = nil
		p.tally.end(s.buffer[:kept])
		s.settle(p, s.buffer[:kept])
	}
	return nil
}

// settle moves the place past text that has been counted.
func (s *scanner) settle(p *place, text []byte) {
	p.mark.add(text)
	p.offset += int64(len(text))
	if line := p.tally.lastError; line != nil {
		p.lastError = max(p.lastError, s.timeOf(line))
	}
}
