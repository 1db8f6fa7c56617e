package logscan

import "io"

// begin finds out what a file is, and from where on it has to be read.
func (s *scanner) begin(f *family, e entry, file io.ReaderAt, o *outcome) (place, error) {
	k := f.byInode(e.ino)
	m, same := k.goesOn(file, e.size)
	if e.rotated && s.isCopy(f, e, file) { // it is counted under the log's own name
		return s.asRead(e, file)
	}
	if same && !e.rotated {
		return e.goOn(k.checkpoint, m), nil
	}
	other := f.moved(e, file)
	switch {
	case other != nil && (!same || k.offset < other.offset): // inodes are used again
		return s.takeOver(other, e, file)
	case same:
		return e.goOn(k.checkpoint, m), nil
	}
	if len(f.known) > 0 {
		o.news.Rotations++
	}
	return s.anew(e, file)
}

// goesOn says whether a file is what it was, and that it is nothing else. It may
// be asked of nil.
func (k *known) goesOn(file io.ReaderAt, size int64) (m mark, ok bool) {
	if k == nil {
		return mark{}, false
	}
	m, ok = k.within(file, size)
	k.fate = replaced
	if ok {
		k.fate = lives
	}
	return m, ok
}

// moved is the checkpoint of what is now in another inode: rotation may copy and
// truncate rather than rename, and somebody may have restored a backup. A short
// live log may as well be another that begins alike. Of copies that were made
// one after another, the last is the one.
func (f *family) moved(e entry, file io.ReaderAt) (last *known) {
	for i := range f.known {
		k := &f.known[i]
		if !k.isMissing() || k.offset == 0 || !e.rotated && k.offset < headLength || last != nil && k.offset <= last.offset {
			continue
		}
		if _, ok := k.within(file, e.size); ok {
			last = k
		}
	}
	return last
}

func (k *known) isMissing() bool { return k.fate == replaced || k.fate == unmet && !k.listed }

// isCopy says whether the live log has in it all that a rotated one has.
func (s *scanner) isCopy(f *family, e entry, file io.ReaderAt) bool {
	live := f.files[0]
	if live.rotated {
		return false
	}
	m, err := readMark(file, e.size)
	if err != nil {
		return false
	}
	original, err := s.open(f.dir, &live)
	if err != nil {
		return false
	}
	defer original.Close()
	_, ok := checkpoint{offset: e.size, print: m.fingerprint()}.within(original, live.size)
	return ok
}

// takeOver goes on in a copy where the original was left.
func (s *scanner) takeOver(k *known, e entry, file io.ReaderAt) (place, error) {
	m, err := readMark(file, k.offset)
	if err != nil {
		return place{}, err
	}
	k.fate = lives
	return e.goOn(k.checkpoint, m), nil
}

func (e entry) goOn(c checkpoint, m mark) place {
	p := place{mark: m, tally: tally{inside: c.inside}, rotated: e.rotated}
	p.checkpoint = checkpoint{
		name: e.name, dev: e.dev, ino: e.ino, size: e.size, changed: e.changed, offset: c.offset,
	}
	return p
}

// anew reads a log from its start, if it is not the first count of one that
// begins at the end.
func (s *scanner) anew(e entry, file io.ReaderAt) (place, error) {
	if s.fromEnd {
		return s.asRead(e, file)
	}
	return e.goOn(checkpoint{}, mark{}), nil
}

// asRead takes for read what the file has now.
func (s *scanner) asRead(e entry, file io.ReaderAt) (place, error) {
	m, err := readMark(file, e.size)
	if err != nil {
		return place{}, err
	}
	last := len(m.tail) - 1
	return e.goOn(checkpoint{offset: e.size, inside: last >= 0 && m.tail[last] != '\n'}, m), nil
}
