package textfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"strconv"
)

// A part is one family of a file.
type part struct {
	from, samples, to int64 // where it, its first sample and the next family begin
	sum               sum   // of all but its values
	plain             bool  // its values are sound for certain
}

var errUnusual = errors.New("not a file of families")

// skim cuts a file into families without judging them.
func skim(r io.Reader, build sum) ([]part, error) {
	in := bufio.NewReaderSize(r, maxLine)
	s := skimmer{build: build, hash: sha256.New()}
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err == nil {
			err = s.next(line)
		}
		if err != nil {
			return nil, err
		}
	}
	s.close()
	return s.parts, nil
}

// A skimmer follows a file line by line. What it takes for the value of a sample
// stands after the last blank: in a line that Check has accepted, so it does.
type skimmer struct {
	build    sum
	parts    []part
	at       int64
	compound bool // the current family is a histogram or summary
	hash     hash.Hash
	text     []byte // to be hashed
}

// next takes a line with its newline.
func (s *skimmer) next(line []byte) error {
	if bytes.HasPrefix(line, []byte("# HELP ")) {
		s.close()
		s.open()
	}
	if len(s.parts) == 0 {
		return errUnusual
	}
	p := &s.parts[len(s.parts)-1]
	if line[0] == '#' {
		s.compound = bytes.HasSuffix(line, []byte(" "+histogram+"\n")) || bytes.HasSuffix(line, []byte(" "+summary+"\n"))
		s.feed(line[:len(line)-1])
		s.at += int64(len(line))
		return nil
	}
	blank := bytes.LastIndexByte(line, ' ')
	if blank < 0 {
		return errUnusual
	}
	if p.samples == 0 {
		p.samples = s.at
	}
	p.plain = p.plain && isPlain(line[blank+1:len(line)-1], s.compound && !isSum(line))
	s.feed(line[:blank])
	s.at += int64(len(line))
	return nil
}

// open begins a family.
func (s *skimmer) open() {
	s.parts = append(s.parts, part{from: s.at, plain: true})
	s.compound = false
	s.hash.Reset()
	s.text = append(s.text[:0], s.build[:]...)
}

// close ends the current family, if there is one.
func (s *skimmer) close() {
	if len(s.parts) == 0 {
		return
	}
	p := &s.parts[len(s.parts)-1]
	p.to = s.at
	if p.samples == 0 {
		p.samples = p.to
	}
	s.hash.Write(s.text)
	s.hash.Sum(p.sum[:0])
}

// feed hashes a header line, or a sample up to its value.
func (s *skimmer) feed(text []byte) {
	const enough = 16 << 10
	s.text = append(append(s.text, text...), '\n')
	if len(s.text) >= enough {
		s.hash.Write(s.text)
		s.text = s.text[:0]
	}
}

// isSum reports whether a sample's metric ends in _sum.
func isSum(line []byte) bool {
	end := bytes.IndexAny(line, "{ ")
	return end >= 0 && bytes.HasSuffix(line[:end], []byte("_sum"))
}

// isPlain reports whether a value is one that the parser is certain to take. A
// count has to be whole as well.
func isPlain(value []byte, count bool) bool {
	const exact = 15 // so many digits are a float64 for certain
	digits := 0
	for _, c := range value {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c != '.' && c != 'e' && c != '+' && c != '-':
			return !count && isSpecial(value)
		}
	}
	if digits == len(value) && 0 < digits && digits <= exact {
		return true
	}
	if count {
		return isCount(value)
	}
	_, err := strconv.ParseFloat(string(value), 64)
	return err == nil
}

// isSpecial reports whether value is one that is no number, as expfmt writes it.
func isSpecial(value []byte) bool {
	switch string(value) {
	case "NaN", "+Inf", "-Inf":
		return true
	}
	return false
}
