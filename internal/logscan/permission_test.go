package logscan

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// asNobody runs the calling test again as a user for whom permissions count, if
// this is not one, and says whether this is the run that matters.
func asNobody(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		return true
	}
	const nobody = 65534
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chown(dir, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	// The path of a test's binary is closed to nobody; this is the same file.
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = "/", append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
	return false
}

func TestLogThatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	if !asNobody(t) {
		return
	}
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.append("drone/logs/other.log", lines(2, "two"))
	f.must(os.Chmod(f.path(droneLog), 0))
	counts := f.count()
	f.wantErrors(2, counts.Of(droneOps))
	if bad := counts.Unreadable[droneOps]; bad.Files != 1 || !errors.Is(bad.Err, fs.ErrPermission) || !strings.Contains(bad.Err.Error(), droneLog) {
		t.Errorf("got %+v, want one file without permission", bad)
	}
	f.must(os.Chmod(f.path(droneLog), 0o600))
	f.wantErrors(5, f.ops())
}
