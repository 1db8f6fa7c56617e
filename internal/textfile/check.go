package textfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
)

// Bounds of what Check holds in memory at a time.
const (
	maxLine    = 64 << 10 // bytes
	maxPiece   = 1 << 20  // bytes
	pieceLines = 1000     // a piece ends at the first border after that many
	pieceBytes = 128 << 10
)

// A piece is a part of the file that is a valid file by itself: it begins with
// the header of its first family and does not cut a histogram in two.
type piece struct {
	text   []byte
	lines  int
	before int // lines of the file that precede the piece's first line
}

// Check reads a textfile and returns a Finding for its first fault, nil if it has
// none, or the error of r.
//
// A fault is what would cost data, what promlint objects to, and also any form but
// the one in which expfmt writes: each family once and in one piece, its HELP, its
// TYPE, then its samples, all with the same labels in the same order; nothing
// between, a newline at the end. In that form a file is sound if each of its
// pieces is, so it is read piece by piece, and each piece goes through the very
// parser of node_exporter.
//
// Memory is bounded whatever the file: a few MB for the pieces at hand, and 11
// bytes for each series to find duplicates. That is 15 MB in use for a million
// series, to which the garbage collector adds, by default, as much again.
func Check(r io.Reader) error { return check(r, pieceLines) }

// check is Check with pieces of a given number of lines.
func check(r io.Reader, lines int) error {
	parsers := max(2, min(4, runtime.GOMAXPROCS(0)))
	pieces := make(chan piece)
	free := make(chan []byte, parsers+1) // one is filled while the others are parsed
	for range cap(free) {
		free <- nil
	}
	parsed := make(chan parseFault, parsers)
	for range parsers {
		go func() { parsed <- parsePieces(pieces, free) }()
	}

	c := checker{
		in: bufio.NewReaderSize(r, maxLine), form: newForm(),
		pieceLines: lines, pieces: pieces, free: free,
	}
	err := c.run()
	close(pieces)
	// The parsers are behind the reader: what they object to comes first in the
	// file, and of that the first.
	first := parseFault{err: err, before: math.MaxInt}
	for range parsers {
		if fault := <-parsed; fault.err != nil && fault.before < first.before {
			first = fault
		}
	}
	return first.err
}

type checker struct {
	in     *bufio.Reader
	form   *form
	piece  piece
	pieces chan<- piece
	free   <-chan []byte

	pieceLines int
}

func (c *checker) run() error {
	c.piece.text = <-c.free
	defer c.flush() // also after a fault: the parser may find one before it
	for {
		line, err := c.in.ReadSlice('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		if err != nil {
			return c.unreadable(err)
		}
		if err := c.form.next(line[:len(line)-1]); err != nil {
			return err
		}
		if err := c.add(line); err != nil {
			return err
		}
	}
	return c.form.end()
}

func (c *checker) unreadable(err error) error {
	at := Finding{Line: c.form.line + 1, Effect: FileDropped}
	switch {
	case errors.Is(err, io.EOF):
		at.Message, at.Remedy = "the last line has no newline", "end the file with a newline"
	case errors.Is(err, bufio.ErrBufferFull):
		at.Effect, at.Message = Style, fmt.Sprintf("line is longer than %d bytes, more than this check reads", maxLine)
	default:
		return fmt.Errorf("read line %d: %w", at.Line, err)
	}
	return at
}

// add appends an accepted line to the piece, and hands the piece over once it
// is large enough and what follows can stand alone.
func (c *checker) add(line []byte) error {
	p := &c.piece
	if p.lines == 0 {
		p.before = c.form.line - 1
		if line[0] != '#' { // in the middle of a family
			p.text = append(p.text, c.form.header...)
			p.lines = bytes.Count(c.form.header, []byte("\n"))
			p.before -= p.lines
		}
	}
	p.text = append(p.text, line...)
	p.lines++
	if len(p.text) > maxPiece {
		return c.form.reject(Style, "one histogram or summary is larger than %d bytes, more than this check reads", maxPiece)
	}
	if (p.lines >= c.pieceLines || len(p.text) >= pieceBytes) && c.form.atBorder() {
		c.flush()
	}
	return nil
}

func (c *checker) flush() {
	c.pieces <- c.piece
	c.piece = piece{text: <-c.free}
}
