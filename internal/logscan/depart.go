package logscan

import (
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// remembered is for how long a log that is gone is known: it may be back, when
// somebody has mounted or restored it, and must not be counted twice.
const remembered = 7 * 24 * time.Hour

// maxGone is how many of a family are known at most.
const maxGone = 8

// depart sees to what is known of files that were not read. What has gone
// unread is lost.
func (f *family) depart(taken time.Time, o *outcome) {
	var gone []checkpoint
	for _, k := range f.known {
		switch {
		case k.fate == lives:
		case k.fate == replaced:
			o.news.Lost += f.lost(k.checkpoint)
		case k.listed: // it could not be opened now
			o.checkpoints = append(o.checkpoints, k.checkpoint)
		default:
			if k.gone == 0 {
				o.news.Lost += f.lost(k.checkpoint)
				k.gone, k.size, k.cut = taken.Unix(), k.offset, false
			}
			if taken.Sub(time.Unix(k.gone, 0)) < remembered {
				gone = append(gone, k.checkpoint)
			}
		}
	}
	slices.SortFunc(gone, func(a, b checkpoint) int { return cmp.Compare(b.gone, a.gone) })
	o.checkpoints = append(o.checkpoints, gone[:min(len(gone), maxGone)]...)
}

// lost is how many bytes of a log that is gone nobody has read: those that were
// known of, or those that its compressed form says it had.
func (f *family) lost(c checkpoint) int64 {
	if c.gone != 0 {
		return 0
	}
	for _, p := range f.packed {
		if size, ok := unpackedSize(filepath.Join(f.dir, p.name), c); ok {
			c.size = max(c.size, size)
			break
		}
	}
	return c.unread()
}

// unpackedSize is that of a gzipped log, if it is the one of the checkpoint. It
// stands in the last four bytes, and is larger by any number of 4 GiB.
func unpackedSize(path string, c checkpoint) (size int64, ok bool) {
	if c.offset == 0 || !strings.HasSuffix(path, ".gz") {
		return 0, false
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return 0, false
	}
	head := make([]byte, min(c.offset, headLength))
	if _, err := io.ReadFull(unpacked, head); err != nil || hash(head) != c.print.head {
		return 0, false
	}
	var trailer [4]byte
	end, err := f.Seek(-int64(len(trailer)), io.SeekEnd)
	if err != nil {
		return 0, false
	}
	if _, err := f.ReadAt(trailer[:], end); err != nil {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint32(trailer[:])), true
}
