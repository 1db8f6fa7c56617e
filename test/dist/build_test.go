package dist

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A release is a folder that scripts/dist.sh has filled.
type release string

var (
	dir string // of all releases

	// The sources are those of the working tree, committed in a repository of
	// their own: what is released has the time of a commit.
	first = build("source", "1.0.0", "TZ=UTC", "LANG=C")
	// The same again by somebody else, elsewhere.
	again = build("a clone of the source", "1.0.0", "TZ=Asia/Kathmandu", "LANG=de_DE.UTF-8", "USER=nobody")
	// The next has another idea of a file that operators edit.
	next = build("next source", "1.0.1", "TZ=UTC")
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if dir, err = os.MkdirTemp("", "aipass-dist"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		return m.Run()
	}())
}

// build builds a release when a test first asks for it.
func build(source, version string, env ...string) func() (release, error) {
	return sync.OnceValues(func() (release, error) {
		from, to := filepath.Join(dir, source), filepath.Join(dir, "dist of "+source)
		if err := sources[source](from); err != nil {
			return "", err
		}
		cmd := exec.Command(filepath.Join(from, "scripts", "dist.sh"))
		cmd.Env = append(os.Environ(), append(env, "VERSION=v"+version, "DIST="+to, "PLATFORMS=linux/"+runtime.GOARCH)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("scripts/dist.sh: %w\n%s", err, out)
		}
		return release(to), nil
	})
}

// sources lay out what a release is built of.
var sources = map[string]func(string) error{
	"source": lay,
	"a clone of the source": func(to string) error {
		if err := lay(filepath.Join(dir, "origin")); err != nil {
			return err
		}
		return run(dir, "git", "clone", "--quiet", "origin", to)
	},
	"next source": func(to string) error {
		if err := lay(to); err != nil {
			return err
		}
		file, err := os.OpenFile(filepath.Join(to, "deploy", "package", "default"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		if _, err := fmt.Fprintln(file, "# A line that the next release brings."); err != nil {
			return err
		}
		return commit(to, "Next")
	},
}

// lay lays out the working tree of this checkout as a repository with a commit.
func lay(to string) error {
	top, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	out, err := exec.Command("git", "-C", top, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(top, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	if err := run(to, "git", "init", "--quiet"); err != nil {
		return err
	}
	return commit(to, "First")
}

func commit(dir, message string) error {
	if err := run(dir, "git", "add", "--all"); err != nil {
		return err
	}
	return run(dir, "git", "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "commit", "--quiet", "--message="+message)
}

// run has the time stand still for git: what is committed twice is the same.
func run(dir, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE=2026-02-19T08:15:00Z", "GIT_COMMITTER_DATE=2026-02-19T08:15:00Z")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	return nil
}

// copyFile copies a file that is there, its permissions too. One that is tracked
// and was removed is none.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

// of is a release that has been built.
func of(t *testing.T, build func() (release, error)) release {
	t.Helper()
	r, err := build()
	must(t, err)
	return r
}

// file finds the one file of a release with such a name.
func (r release) file(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(string(r), pattern))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%s: %v, want one", pattern, found)
	}
	return found[0]
}

// unpacked is the archive of a release, in a folder.
func (r release) unpacked(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	output(t, "tar", "--extract", "--file="+r.file(t, "*.tar.gz"), "--strip-components=1", "--directory="+to)
	return to
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

// output is what a program says. One that is missing fails the test.
func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v (make test-deps installs what is missing)\n%s", program, args, err, out)
	}
	return string(out)
}

// lines are those of a text, sorted.
func lines(text string) []string {
	return slices.Sorted(strings.Lines(text))
}
