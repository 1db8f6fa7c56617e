package crontab

import (
	"errors"
	"fmt"
	"strings"
)

// A Block is lines between two marks. Its name tells it from others.
type Block struct {
	Name  string
	Lines []string
}

// Marks are comments, so that cron passes over them.
const (
	begin = "# BEGIN "
	end   = "# END "
)

// ErrCut is for a block that has lost one of its marks: nobody knows which
// lines are its own.
var ErrCut = errors.New("the block has lost one of its marks: take it out by hand with crontab -e")

func (b Block) text() (string, error) {
	if b.Name == "" || b.Name != strings.TrimSpace(b.Name) {
		return "", fmt.Errorf("%q is no name for a block of a crontab", b.Name)
	}
	var text strings.Builder
	for _, line := range append(append([]string{begin + b.Name}, b.Lines...), end+b.Name) {
		if strings.ContainsAny(line, "\n\r\x00") {
			return "", fmt.Errorf("%q: a line of a crontab cannot go on over several", line)
		}
		text.WriteString(line + "\n")
	}
	return text.String(), nil
}

// Get returns a block as it stands in a table, marks included, "" if it does
// not.
func Get(table, name string) (string, error) {
	_, block, _, err := cut(table, name)
	return block, err
}

// Remove takes a block out of a table.
func Remove(table, name string) (string, error) {
	before, _, after, err := cut(table, name)
	return before + after, err
}

// Put puts a block into a table, in the place of the one of its name. What a
// block sets, such as PATH, holds for the lines behind it, so it moves to the
// end if anything follows that is no block.
func Put(table string, b Block) (string, error) {
	text, err := b.text()
	if err != nil {
		return "", err
	}
	before, old, after, err := cut(table, b.Name)
	if err != nil {
		return "", err
	}
	if old == "" || !isBlocks(after) {
		before, after = before+after, ""
	}
	if before != "" && !strings.HasSuffix(before, "\n") {
		before += "\n" // or the mark would be part of the last line
	}
	return before + text + after, nil
}

// cut finds a block; without one, all of the table is before it.
func cut(table, name string) (before, block, after string, err error) {
	from, to := -1, -1
	at := 0
	for line := range strings.Lines(table) {
		switch strings.TrimRight(line, " \t\r\n") {
		case begin + name:
			if from >= 0 {
				return "", "", "", fmt.Errorf("%s: %w", name, ErrCut)
			}
			from = at
		case end + name:
			if from < 0 || to >= 0 {
				return "", "", "", fmt.Errorf("%s: %w", name, ErrCut)
			}
			to = at + len(line)
		}
		at += len(line)
	}
	switch {
	case from < 0:
		return table, "", "", nil
	case to < 0:
		return "", "", "", fmt.Errorf("%s: %w", name, ErrCut)
	}
	return table[:from], table[from:to], table[to:], nil
}

// isBlocks says whether a text has nothing but blocks in it, and what cron
// passes over.
func isBlocks(text string) bool {
	within := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, begins := strings.CutPrefix(line, begin)
		switch {
		case within == "" && begins:
			within = name
		case line == end+within:
			within = ""
		case within == "" && line != "" && !strings.HasPrefix(line, "#"):
			return false
		}
	}
	return within == ""
}
