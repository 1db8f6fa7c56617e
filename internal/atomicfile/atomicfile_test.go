package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errTest = errors.New("no")

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// names lists a directory, hidden files included.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	return got
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func TestReplaceWritesNewAndOverOld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.prom")
	for _, content := range []string{"one\n", "", strings.Repeat("long ", 1<<16)} {
		if err := Replace(path, text(content), Options{Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		wantContent(t, path, content)
	}
	if diff := cmp.Diff([]string{"a.prom"}, names(t, dir)); diff != "" {
		t.Errorf("directory (-want +got):\n%s", diff)
	}
}

// The umask of a test binary is that of its shell, 022 as a rule: group write
// and others' write in the mode prove that it does not apply.
func TestReplaceSetsModeWhateverTheUmask(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{0o600, 0o644, 0o666, 0o777} {
		path := filepath.Join(t.TempDir(), "a.prom")
		if err := Replace(path, text("x"), Options{Mode: mode}); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != mode {
			t.Errorf("mode = %v, want %v", got, mode)
		}
	}
}

func TestReplaceFailureLeavesOldFileAndNoTemp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		write func(io.Writer) error
		check func(*io.SectionReader) error
	}{
		{name: "write fails at once", write: func(io.Writer) error { return errTest }},
		{name: "write fails half-way", write: func(w io.Writer) error {
			w.Write(make([]byte, 2*bufferSize))
			return errTest
		}},
		{name: "check fails", write: text("new"), check: func(*io.SectionReader) error { return errTest }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "a.prom")
			write(t, path, "old")
			err := Replace(path, tt.write, Options{Mode: 0o644, Check: tt.check})
			if !errors.Is(err, errTest) {
				t.Errorf("err = %v, want %v", err, errTest)
			}
			wantContent(t, path, "old")
			if diff := cmp.Diff([]string{"a.prom"}, names(t, dir)); diff != "" {
				t.Errorf("directory (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplaceRemovesTempWhenWriterPanics(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	func() {
		defer func() { recover() }()
		Replace(filepath.Join(dir, "a.prom"), func(io.Writer) error { panic("bug") }, Options{Mode: 0o644})
	}()
	if got := names(t, dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestReplaceChecksTheWholeContent(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("0123456789abcdef"), bufferSize/8)
	var got []byte
	check := func(r *io.SectionReader) (err error) {
		got, err = io.ReadAll(r)
		return err
	}
	path := filepath.Join(t.TempDir(), "a.prom")
	if err := Replace(path, text(string(want)), Options{Mode: 0o644, Check: check}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("check saw %d bytes, want the %d written", len(got), len(want))
	}
}

func TestReplaceRefusesWhatIsNoRegularFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(path string) error
	}{
		{"directory", func(path string) error { return os.Mkdir(path, 0o755) }},
		{"symbolic link", func(path string) error { return os.Symlink("elsewhere", path) }},
		{"FIFO", func(path string) error { return syscall.Mkfifo(path, 0o644) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "a.prom")
			if err := tt.make(path); err != nil {
				t.Fatal(err)
			}
			if err := Replace(path, text("new"), Options{Mode: 0o644}); !errors.Is(err, ErrNotRegular) {
				t.Errorf("err = %v, want %v", err, ErrNotRegular)
			}
			if diff := cmp.Diff([]string{"a.prom"}, names(t, dir)); diff != "" {
				t.Errorf("directory (-want +got):\n%s", diff)
			}
		})
	}
}

// A directory that does not exist stands for one that cannot be written: the
// tests may run as root, whom no mode keeps out.
func TestReplaceReportsUnusableDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "")
	tests := []struct {
		name, path string
		want       error
	}{
		{"missing", filepath.Join(dir, "none", "a.prom"), fs.ErrNotExist},
		{"not a directory", filepath.Join(dir, "file", "a.prom"), syscall.ENOTDIR},
		{"not writable", "/proc/self/a.prom", fs.ErrNotExist},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := Replace(tt.path, text("x"), Options{Mode: 0o644}); !errors.Is(err, tt.want) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestReplaceRemovesOnlyItsOwnOldLeftovers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := time.Now().Add(-2 * leftoverAge)
	files := []struct {
		name string
		time time.Time
		kept bool
	}{
		{".a.prom.tmp-0123456789abcdef", old, false},
		{".a.prom.tmp-fedcba9876543210", time.Now(), true},
		{".a.prom.tmp-0123456789abcde", old, true},   // too short
		{".a.prom.tmp-0123456789abcdex", old, true},  // no digit
		{".b.prom.tmp-0123456789abcdef", old, true},  // another target's
		{"a.prom.tmp-0123456789abcdef", old, true},   // not hidden
		{".a.prom.tmp-0123456789abcdef~", old, true}, // somebody's copy
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		write(t, path, "")
		if err := os.Chtimes(path, f.time, f.time); err != nil {
			t.Fatal(err)
		}
	}
	if err := Replace(filepath.Join(dir, "a.prom"), text("x"), Options{Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, name := range names(t, dir) {
		got[name] = true
	}
	for _, f := range files {
		if got[f.name] != f.kept {
			t.Errorf("%s kept: %t, want %t", f.name, got[f.name], f.kept)
		}
	}
}

func TestTempNameEndsInNothingThatIsCollected(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"aipass.prom", "logs.json"} {
		f, err := createTemp(filepath.Join(t.TempDir(), base))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		name := filepath.Base(f.Name())
		if !strings.HasPrefix(name, ".") || filepath.Ext(name) == filepath.Ext(base) {
			t.Errorf("temporary name %s would be collected", name)
		}
		if !isTemp(base, name) {
			t.Errorf("%s would not be recognised as a leftover", name)
		}
	}
}

// Each writer's content is one letter, a different number of times: a mixture
// of two, or a part of one, is none of the versions.
func TestReplaceByManyAtOnceLeavesOneWholeVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.prom")
	versions := map[string]bool{}
	for i := range 8 {
		versions[strings.Repeat(string(rune('a'+i)), 10_000*(i+1))] = true
	}
	var wg sync.WaitGroup
	for content := range versions {
		wg.Go(func() {
			for range 10 {
				if err := Replace(path, text(content), Options{Mode: 0o644}); err != nil {
					t.Error(err)
				}
				got, err := os.ReadFile(path)
				if err != nil || !versions[string(got)] {
					t.Errorf("read %d bytes that nobody wrote, err %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff([]string{"a.prom"}, names(t, dir)); diff != "" {
		t.Errorf("directory (-want +got):\n%s", diff)
	}
}
