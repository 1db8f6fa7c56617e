package aipass

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asNobody runs the calling test again as a user for whom permissions count,
// if this is not one: root may read everything. It says whether this is the
// run that matters.
func asNobody(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		return true
	}
	const nobody = 65534
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o755)) // where nobody has its own temporary directory
	must(t, os.Chown(dir, nobody, nobody))
	// The path of a test's binary is closed to nobody; this is the same file.
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Skip("root reads everything, and this machine does not let it become nobody:", err)
	}
	if err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
	return false
}

// forbid takes all permissions from a path until the test is over.
func forbid(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	must(t, os.Chmod(path, 0))
	t.Cleanup(func() { must(t, os.Chmod(path, info.Mode())) })
}

func TestFileWithoutPermissionIsUnreadableAndNobodyElses(t *testing.T) {
	t.Parallel()
	if !asNobody(t) {
		return
	}
	for label, path := range hostileFiles {
		root := lay(t, healthyAndHostile)
		forbid(t, filepath.Join(root, path))
		s := look(t, root)
		wantHealthy(t, s)
		want := map[string]State{label: Unreadable}
		if label == "directory" { // itself is there, but nothing in it can be seen
			want = map[string]State{}
			for other := range hostileFiles {
				want[other] = Unreadable
			}
			delete(want, "directory")
		}
		b := branch(t, s, "HOSTILE")
		if diff := cmp.Diff(want, states(b)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", label, diff)
		}
		for _, f := range b.Files() {
			if want[f.Name] == Unreadable && !errors.Is(f.Head.Err, fs.ErrPermission) {
				t.Errorf("%s: got %v, want no permission", f.Name, f.Head.Err)
			}
		}
	}
}

func TestBranchBehindAClosedDirectoryIsUnreadable(t *testing.T) {
	t.Parallel()
	if !asNobody(t) {
		return
	}
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "HOSTILE", "path": "closed/hostile"}, {"name": "HEALTHY", "path": "healthy"}]}
-- closed/hostile/README.md --
`+healthyFiles)
	forbid(t, filepath.Join(root, "closed"))
	s := look(t, root)
	wantHealthy(t, s)
	if got := branch(t, s, "HOSTILE").Directory; got.State() != Unreadable || !errors.Is(got.Err, fs.ErrPermission) {
		t.Errorf("got %v (%v), want no permission", got.State(), got.Err)
	}
}

func TestHostFileWithoutPermissionIsUnreadable(t *testing.T) {
	t.Parallel()
	if !asNobody(t) {
		return
	}
	for label, path := range map[string]string{
		RegistryFile:     "BRANCH_REGISTRY.json",
		MemoryConfigFile: "MEMORY_BANK",
		SystemLogsFile:   "system_logs",
		PlansFile:        "aipass_core/flow/flow_json",
	} {
		root := lay(t, healthyAndHostile+`
-- MEMORY_BANK/memory_bank_json/memory_bank.config.json --
{}
-- system_logs/drone_x.log --
-- aipass_core/flow/flow_json/flow_registry.json --
{}
`)
		forbid(t, filepath.Join(root, path))
		for _, f := range look(t, root).HostFiles() {
			want := OK
			if f.Name == label {
				want = Unreadable
			}
			if f.Head.State() != want {
				t.Errorf("%s closed: %s: got %v (%v), want %v", path, f.Name, f.Head.State(), f.Head.Err, want)
			}
		}
	}
}
