// Package fleettest lays out AIPass hosts that tests keep as txtar files, one
// reviewable text a fleet.
//
// Every file gets the same modification time, so that what is read of a fleet
// is the same everywhere and for ever. The comment at the head of a txtar file
// may hold commands, one a line, carried out after the files are laid:
//
//	mtime PATH TIME       when the file was last written, as RFC 3339
//	dir PATH              an empty directory
//	bytes PATH QUOTED     content that no text file can hold, as a Go string
//	symlink PATH TARGET
//
// The package is for tests and lays nothing outside their temporary directories.
package fleettest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// Written is when the files of a fleet were last written.
var Written = time.Date(2026, 2, 18, 20, 0, 0, 0, time.UTC)

// Taken is when tests look at a fleet: the next morning.
var Taken = time.Date(2026, 2, 19, 8, 0, 0, 0, time.UTC)

// Lay lays the fleet of a txtar file out and returns its root.
func Lay(t testing.TB, file string) string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := txtar.Write(archive, root); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := carryOut(root, strings.SplitN(line, " ", 3)); err != nil {
			t.Fatalf("%s: %s: %v", file, line, err)
		}
	}
	if err := age(root, string(archive.Comment)); err != nil {
		t.Fatal(err)
	}
	return root
}

func carryOut(root string, words []string) error {
	words = append(words, "", "") // what is missing is empty
	path, rest := filepath.Join(root, words[1]), words[2]
	if words[0] == "mtime" { // comes last
		_, err := os.Stat(path)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	switch words[0] {
	case "dir":
		return os.MkdirAll(path, 0o755)
	case "symlink":
		return os.Symlink(rest, path)
	case "bytes":
		content, err := strconv.Unquote(rest)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(content), 0o644)
	}
	return fmt.Errorf("unknown command %q", words[0])
}

// age gives every file its modification time.
func age(root, commands string) error {
	times := map[string]time.Time{}
	for line := range strings.Lines(commands) {
		words := strings.Fields(line)
		if len(words) != 3 || words[0] != "mtime" {
			continue
		}
		at, err := time.Parse(time.RFC3339, words[2])
		if err != nil {
			return err
		}
		times[filepath.Join(root, words[1])] = at
	}
	return filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		at, ok := times[path]
		if !ok {
			at = Written
		}
		return os.Chtimes(path, at, at)
	})
}
