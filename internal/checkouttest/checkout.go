// Package checkouttest gives tests what somebody has who has cloned this module: its
// files, and the programs that make build makes of them.
package checkouttest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Programs builds packages of this module, named from its top, into a directory. The
// flags are make build's, so that what the one has compiled the other need not.
func Programs(t testing.TB, dir string, packages ...string) {
	t.Helper()
	build := exec.Command("go", append([]string{"build", "-trimpath", "-o", dir + "/"}, packages...)...)
	build.Dir, build.Env = top(t), append(os.Environ(), "CGO_ENABLED=0")
	output(t, build)
}

// Copy copies the files of the working tree, committed or not, into a directory,
// and nothing that git ignores.
func Copy(t testing.TB, dir string) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = top(t)
	for name := range strings.SplitSeq(strings.TrimSuffix(output(t, list), "\x00"), "\x00") {
		from := filepath.Join(list.Dir, name)
		info, err := os.Stat(from)
		if os.IsNotExist(err) {
			continue // taken away, and that not committed yet
		}
		must(t, err)
		text, err := os.ReadFile(from)
		must(t, err)
		to := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(to), 0o755))
		must(t, os.WriteFile(to, text, info.Mode().Perm()))
	}
}

func top(t testing.TB) string {
	t.Helper()
	return filepath.Dir(strings.TrimSpace(output(t, exec.Command("go", "env", "GOMOD"))))
}

func output(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", cmd, err, out, complaints.Bytes())
	}
	return string(out)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
