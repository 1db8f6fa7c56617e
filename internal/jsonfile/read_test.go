package jsonfile_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

const (
	whole = `{"messages": []}`
	half  = `{"messages": [`
)

// A reading parses one JSON document, counts how often it was asked to and keeps
// what it read the last time.
type reading struct {
	calls int
	text  string
}

func (p *reading) parse(r io.Reader) error {
	p.calls++
	var text strings.Builder
	d := jsonfile.NewDecoder(io.TeeReader(r, &text))
	err := d.Skip()
	if err == nil {
		err = d.End()
	}
	p.text = text.String()
	return err
}

// write makes a file of some age and returns its path.
func write(t *testing.T, dir, name, text string, age time.Duration) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	setAge(t, path, age)
	return path
}

func setAge(t *testing.T, path string, age time.Duration) {
	t.Helper()
	then := time.Now().Add(-age)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Error(err)
	}
}

func TestAWholeFileIsReadOnce(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "inbox.json", whole, time.Hour)
	var p reading
	info, err := jsonfile.Read(t.Context(), path, "", p.parse)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(info, stat) || info.Size() != int64(len(whole)) || !info.ModTime().Equal(stat.ModTime()) {
		t.Errorf("got the info %v, want that of the file", info)
	}
	if diff := cmp.Diff(reading{1, whole}, p, cmp.AllowUnexported(reading{})); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoFileIsNotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		os.Mkdir(path("directory"), 0o755),
		syscall.Mkfifo(path("fifo"), 0o644),
		os.Symlink("loop", path("loop")),
		os.Symlink("fifo", path("link to fifo")),
		os.Symlink("nowhere", path("link to nowhere")),
		os.WriteFile(path("file"), []byte(whole), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{
		"missing":         fs.ErrNotExist,
		"link to nowhere": fs.ErrNotExist,
		"loop":            syscall.ELOOP,
		"file/below":      syscall.ENOTDIR,
		"directory":       jsonfile.ErrNotRegular,
		"fifo":            jsonfile.ErrNotRegular,
		"link to fifo":    jsonfile.ErrNotRegular,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p reading
			info, err := readWithin(t, path(name), &p)
			if !errors.Is(err, want) || errors.Is(err, jsonfile.ErrMalformed) {
				t.Errorf("got %v, want %v", err, want)
			}
			if err != nil && strings.Count(err.Error(), path(name)) != 1 {
				t.Errorf("%v does not name the path once", err)
			}
			if info != nil || p.calls != 0 {
				t.Errorf("got info %v and %d calls, want none", info, p.calls)
			}
		})
	}
}

// readWithin fails the test if Read blocks.
func readWithin(t *testing.T, path string, p *reading) (info fs.FileInfo, err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		info, err = jsonfile.Read(t.Context(), path, "", p.parse)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("Read blocks")
	}
	return info, err
}

func TestALinkIsFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "real.json", whole, time.Hour)
	if err := os.Symlink("real.json", filepath.Join(dir, "inbox.json")); err != nil {
		t.Fatal(err)
	}
	var p reading
	if _, err := jsonfile.Read(t.Context(), filepath.Join(dir, "inbox.json"), "", p.parse); err != nil || p.text != whole {
		t.Errorf("got %q, %v", p.text, err)
	}
}

func TestAnErrorOfTheParserNamesThePathAndStaysWhatItIs(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "inbox.json", whole, 0)
	enough := errors.New("enough")
	for want, parseErr := range map[string]error{
		path + ": enough":           enough,
		"read " + path + ": enough": &fs.PathError{Op: "read", Path: path, Err: enough},
	} {
		calls := 0
		info, err := jsonfile.Read(t.Context(), path, "", func(io.Reader) error {
			calls++
			return parseErr
		})
		if !errors.Is(err, enough) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if calls != 1 {
			t.Errorf("tried %d times what is no fault of the document", calls)
		}
		if info == nil {
			t.Error("no info of a file that was opened")
		}
	}
}

func TestACancelledRunReadsNothing(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "inbox.json", whole, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var p reading
	_, err := jsonfile.Read(ctx, path, "", p.parse)
	if !errors.Is(err, context.Canceled) || errors.Is(err, jsonfile.ErrMalformed) || p.text != "" {
		t.Errorf("got %q, %v, want nothing and %v", p.text, err, context.Canceled)
	}
}

func TestACancelledRunEndsInTheMiddleOfAHugeFile(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "inbox.json", "", time.Hour)
	if err := os.Truncate(path, 1<<30); err != nil { // a hole, no blocks
		t.Fatal(err)
	}
	setAge(t, path, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var after int64
	_, err := jsonfile.Read(ctx, path, "", func(r io.Reader) error {
		if _, err := io.CopyN(io.Discard, r, 1<<20); err != nil {
			return err
		}
		cancel()
		n, err := io.Copy(io.Discard, r)
		after = n
		return err
	})
	if !errors.Is(err, context.Canceled) || after != 0 {
		t.Errorf("got %v and %d bytes more, want %v and none", err, after, context.Canceled)
	}
}
