package aipass

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"time"
)

// A Recollection is what a look has read of the branches' files, for the next
// look. It is the cheaper the fewer files have changed: of those that have not,
// the next look asks no more than whether they have.
type Recollection struct {
	basis   [sha256.Size]byte
	notes   map[uint64]notes // by hash of the branch's directory
	changed bool
}

// Recalling looks with what an earlier look has saved. What is not a recollection
// of this user, time zone and build, which has a name for that, is of no use, and
// does no harm. Snapshots of the tree have a Recollection.
func (t Tree) Recalling(saved []byte, build [sha256.Size]byte) Tree {
	t.recollection = &Recollection{basis: t.basis(build), notes: map[uint64]notes{}, changed: true}
	t.recollection.load(saved)
	return t
}

// basis is what the reading of a file depends on besides the file.
func (t Tree) basis(build [sha256.Size]byte) [sha256.Size]byte {
	groups, _ := os.Getgroups()
	text := fmt.Append(nil, build, os.Geteuid(), os.Getegid(), groups, t.options.Location)
	// Rules of a zone change, and the machine's zone has no name of its own.
	for day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2034; day = day.Add(24 * time.Hour) {
		_, offset := day.In(t.options.Location).Zone()
		text = binary.AppendVarint(text, int64(offset))
	}
	return sha256.Sum256(text)
}

func hashOf(dir string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, dir)
	return h.Sum64()
}

func (r *Recollection) of(dir string) notes { return r.notes[hashOf(dir)] }

// load takes all or nothing.
func (r *Recollection) load(saved []byte) {
	end := len(saved) - sha256.Size
	if end < len(r.basis) || !bytes.HasPrefix(saved, r.basis[:]) {
		return
	}
	if sha256.Sum256(saved[:end]) != [sha256.Size]byte(saved[end:]) {
		return
	}
	in := noteReader{rest: saved[len(r.basis):end]}
	loaded := map[uint64]notes{}
	for len(in.rest) > 0 {
		hash := in.uint()
		loaded[hash] = in.bytes()
	}
	if !in.broken {
		r.notes, r.changed = loaded, false
	}
}

// next is what there is to recall after a look, nil if nothing ever is. The
// notes are of the branches with the same index.
func (r *Recollection) next(branches []Branch, taken []notes) *Recollection {
	if r == nil {
		return nil
	}
	n := &Recollection{basis: r.basis, notes: make(map[uint64]notes, len(branches)), changed: r.changed}
	for i, of := range taken {
		if len(of) > 0 {
			hash := hashOf(branches[i].Dir)
			n.notes[hash] = of
			n.changed = n.changed || !bytes.Equal(r.notes[hash], of)
		}
	}
	n.changed = n.changed || len(n.notes) != len(r.notes)
	return n
}

// Changed says that it is worth saving.
func (r *Recollection) Changed() bool { return r.changed }

// Save writes what Recalling reads.
func (r *Recollection) Save(w io.Writer) error {
	h := sha256.New()
	both := io.MultiWriter(w, h)
	if _, err := both.Write(r.basis[:]); err != nil {
		return err
	}
	var head []byte
	for hash, n := range r.notes {
		head = binary.AppendUvarint(binary.AppendUvarint(head[:0], hash), uint64(len(n)))
		if _, err := both.Write(append(head, n...)); err != nil {
			return err
		}
	}
	_, err := w.Write(h.Sum(nil))
	return err
}
