package aipass

import (
	"bytes"
	"os"
	"time"
)

// recalled is a file as the last look read it, if nothing has touched it since,
// or else as read reads it now; then a note is taken of it.
func recalled[T any](l *looker, f form[T], path string, read func() File[T]) File[T] {
	if l.recollection == nil {
		return read()
	}
	if file, ok := fromNote(l, f, path); ok {
		return file
	}
	started := time.Now()
	file := read()
	if file.OK() {
		takeNote(l, f, started, &file.Value)
	}
	return file
}

func fromNote[T any](l *looker, f form[T], path string) (file File[T], ok bool) {
	id, value, ok := l.old.find(f.kind)
	if !ok {
		return file, false
	}
	info, err := os.Stat(path)
	if err != nil {
		return file, false
	}
	if now, ok := identityOf(info); !ok || now != id {
		return file, false
	}
	r := noteReader{rest: value}
	f.read(&r, &file.Value)
	if r.broken || len(r.rest) > 0 {
		return File[T]{}, false
	}
	file.fill(info, nil)
	l.new = l.new.add(f.kind, id, value)
	return file, true
}

// takeNote takes one if the file, which is the one that was read last, had been
// left alone for a while before: else somebody may write to it and nobody see.
func takeNote[T any](l *looker, f form[T], started time.Time, value *T) {
	id, ok := identityOf(l.read)
	if !ok || !id.quietSince(started.Add(-l.tree.quiet)) {
		return
	}
	l.new = l.new.add(f.kind, id, f.write(nil, value))
}

// headOf opens a file whose content does not matter, to see whether it could
// be read.
func (l *looker) headOf(path string) Head {
	return recalled(l, formOfHead(noteOfReadme), path, func() File[struct{}] {
		h, info := headOf(path)
		l.read = info
		return File[struct{}]{Head: h}
	}).Head
}

// begin looks up what is known of a branch, end hands over what is now.
func (l *looker) begin(dir string) {
	if l.recollection != nil {
		l.old = l.recollection.of(dir)
	}
}

func (l *looker) end() notes {
	old, taken := l.old, l.new
	l.old, l.new = nil, l.new[:0]
	switch {
	case len(taken) == 0:
		return nil
	case bytes.Equal(old, taken):
		return old
	}
	return bytes.Clone(taken)
}
