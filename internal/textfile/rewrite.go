package textfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// Rewrite is Write for a file that is written again and again with mostly the
// same series. The file at memory holds which families Check has accepted the
// last time; one of which nothing but values has changed is not parsed again, its
// values are looked at instead.
//
// A memory that is missing, of no use or of another build costs time and nothing
// else. Anybody who may write it can have anything published.
func Rewrite(path, memory string, write func(io.Writer) error) error {
	m := load(memory)
	if err := replace(path, write, m.check); err != nil {
		return err
	}
	m.save(memory)
	return nil
}

// A sum stands for a family as a build accepted it, whatever its values.
type sum [sha256.Size]byte

// A memory is which families have been accepted.
type memory struct {
	build sum
	known map[sum]bool
	now   map[sum]bool // of the file at hand
}

// load has no use for what went wrong: the file is checked as if it were new.
func load(path string) *memory {
	m := &memory{build: statefile.Build(), known: map[sum]bool{}}
	var saved []string
	_ = statefile.Peek(path, &saved)
	for _, text := range saved {
		if b, err := hex.DecodeString(text); err == nil && len(b) == len(sum{}) {
			m.known[sum(b)] = true
		}
	}
	return m
}

// save writes nothing that is there already. Who cannot save has the next file
// checked as if it were new.
func (m *memory) save(path string) {
	if maps.Equal(m.known, m.now) {
		return
	}
	var sums []string
	for s := range m.now {
		sums = append(sums, hex.EncodeToString(s[:]))
	}
	slices.Sort(sums)
	_ = statefile.Save(path, sums)
}

// check accepts what Check accepts. Of families that are known, Check gets the
// header only. If it objects, the whole file has its say, for the line numbers.
func (m *memory) check(file *io.SectionReader) error {
	parts, err := skim(file, m.build)
	if err == nil && Check(m.unknown(file, parts)) == nil {
		m.remember(parts)
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read again: %w", err)
	}
	return Check(file)
}

// unknown is the file without the samples of families that are known.
func (m *memory) unknown(file io.ReaderAt, parts []part) io.Reader {
	var readers []io.Reader
	from := int64(0)
	for _, p := range parts {
		if p.plain && m.known[p.sum] {
			readers = append(readers, io.NewSectionReader(file, from, p.samples-from))
			from = p.to
		}
	}
	if len(parts) > 0 {
		readers = append(readers, io.NewSectionReader(file, from, parts[len(parts)-1].to-from))
	}
	return io.MultiReader(readers...)
}

func (m *memory) remember(parts []part) {
	m.now = make(map[sum]bool, len(parts))
	for _, p := range parts {
		m.now[p.sum] = true
	}
}
