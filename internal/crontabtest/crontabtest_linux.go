package crontabtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inside names the test that runs in a namespace.
const inside = "CRONTABTEST_INSIDE"

// refused is said by a process that may not mount.
const refused = "mounting is refused"

// Alone says whether the test runs where crontabs are its own. If not, it runs
// the test there, in a process of its own, and reports what came of it: the
// caller has nothing left to do. A system that lets nobody mount is said to be
// one; a machine without crontab(1) fails the test.
func Alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) == t.Name() {
		hide(t)
		return true
	}
	if _, err := exec.LookPath("crontab"); err != nil {
		t.Fatalf("%v: install cron (make test-deps)", err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), inside+"="+t.Name(), "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = namespace()
	out, err := cmd.CombinedOutput()
	_, ran := errors.AsType[*exec.ExitError](err)
	if err != nil && !ran || strings.Contains(string(out), refused) {
		t.Skipf("this system lets nobody have mounts of its own (%v): crontabs could only be those of the machine", err)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// namespace is one for mounts; who is not root has to be in one of users, too.
func namespace() *syscall.SysProcAttr {
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		return &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	}
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
		AmbientCaps: []uintptr{21}, // CAP_SYS_ADMIN, to mount
	}
}

// hide puts empty places over all that cron reads, and over where it says that
// it runs.
func hide(t *testing.T) {
	t.Helper()
	empty := t.TempDir()
	table := filepath.Join(empty, "crontab")
	must(t, os.WriteFile(table, nil, 0o644))
	for _, dir := range []string{"/var/spool/cron", "/etc/cron.d", "/run"} {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=755"); err != nil {
			t.Fatal(refused, err)
		}
	}
	if _, err := os.Stat("/etc/crontab"); err == nil {
		must(t, syscall.Mount(table, "/etc/crontab", "", syscall.MS_BIND, ""))
	}
	must(t, os.Mkdir("/var/spool/cron/crontabs", 0o700))
	if os.Getuid() == 0 {
		crontab, err := exec.LookPath("crontab")
		must(t, err)
		info, err := os.Stat(crontab)
		must(t, err)
		must(t, os.Chown("/var/spool/cron/crontabs", 0, int(info.Sys().(*syscall.Stat_t).Gid)))
		must(t, os.Chmod("/var/spool/cron/crontabs", 0o730|os.ModeSticky))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
