package aipass

import (
	"errors"
	"io/fs"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A State is what became of the attempt to read a file.
type State uint8

// Every file is in exactly one of these.
const (
	OK         State = iota
	Missing          // there is no file
	Malformed        // AIPass itself could not read it, or would destroy it
	Unreadable       // no permission, not a regular file, outside the root, out of time
)

// States lists all of them, in order.
var States = [...]State{OK, Missing, Malformed, Unreadable}

func (s State) String() string {
	return [...]string{"ok", "missing", "malformed", "unreadable"}[s]
}

// A Head is what is known of a file without its content.
type Head struct {
	Size  int64 // bytes; 0 if the file could not be opened
	Err   error // why there is no value; it names the path
	stamp int64 // twice the Unix seconds of the last write, and 1 for found: a host has many of these
}

// A File is one document as found: its value, or why there is none.
type File[T any] struct {
	Head
	Value T
}

// State classifies Err.
func (h Head) State() State {
	switch {
	case h.Err == nil:
		return OK
	case errors.Is(h.Err, fs.ErrNotExist):
		return Missing
	case errors.Is(h.Err, jsonfile.ErrMalformed):
		return Malformed
	}
	return Unreadable
}

// OK says that the file was read whole.
func (h Head) OK() bool { return h.Err == nil }

// Known says that it is known what is there, be it nothing.
func (h Head) Known() bool { return h.OK() || h.State() == Missing }

// Found says that there is a file, whatever is in it.
func (h Head) Found() bool { return h.stamp&1 != 0 }

// ModTime is when the file was last written, to the second, if it was Found.
func (h Head) ModTime() time.Time { return time.Unix(h.stamp>>1, 0) }

func (h *Head) fill(info fs.FileInfo, err error) {
	h.Err = err
	if info != nil {
		h.Size, h.stamp = info.Size(), info.ModTime().Unix()<<1|1
	}
}

// worst is the file that a person should be told of first: one that is there
// and broken, else one that is fine, else one that is missing.
func worst(heads ...Head) Head {
	rank := [...]int{OK: 1, Missing: 0, Malformed: 3, Unreadable: 2}
	w := heads[0]
	for _, h := range heads[1:] {
		if rank[h.State()] > rank[w.State()] {
			w = h
		}
	}
	return w
}
