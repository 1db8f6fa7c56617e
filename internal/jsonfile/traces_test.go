package jsonfile_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"whole": whole, "half": half} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T, dir string) {
				path := write(t, dir, "inbox.json", text, 0)
				before := listing(t, dir)
				var p reading
				_, err := jsonfile.Read(t.Context(), path, filepath.Join(dir, ".inbox.lock"), p.parse)
				if (err == nil) != (text == whole) || p.calls < 3 {
					t.Errorf("got %v after %d calls: the lock was not looked for", err, p.calls)
				}
				if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
					t.Errorf("the directory changed:\n%s", diff)
				}
			})
		})
	}
}

// listing describes a directory, times of access aside.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = info.Mode().String() + info.ModTime().String() + string(text)
	}
	return files
}

// Not parallel: what is counted are the descriptors of the whole process.
func TestNoFileStaysOpen(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "inbox.json", whole, time.Hour)
	write(t, dir, "broken.json", half, time.Hour)
	write(t, dir, "torn.json", whole, time.Hour)
	before := descriptors(t)
	for _, name := range []string{"inbox.json", "broken.json", "torn.json", "missing.json", "."} {
		path := filepath.Join(dir, name)
		_, _ = jsonfile.Read(t.Context(), path, filepath.Join(dir, "inbox.json"), func(r io.Reader) error {
			if name == "torn.json" {
				return appendTo(path, " ")
			}
			return jsonfile.NewDecoder(r).Skip()
		})
	}
	if after := descriptors(t); after != before {
		t.Errorf("got %d open files, before it were %d", after, before)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}
