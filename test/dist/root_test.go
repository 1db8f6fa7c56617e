package dist

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// aipass is the user of the host; nobody on this machine needs to know him.
const aipass = 27182

// A root is a small Debian in a folder: the programs that a package or cron calls
// there, what they link to, two users, and dpkg's records with nothing in them.
type root string

// newRoot lays one out. Only root can change into it.
func newRoot(t *testing.T) root {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can install a package, and change into the root that it is in")
	}
	r := root(t.TempDir())
	for _, dir := range []string{string(r), filepath.Dir(string(r))} { // others than root come in, too
		must(t, os.Chmod(dir, 0o755))
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} { // as on every Debian
		must(t, os.MkdirAll(r.path("usr", name), 0o755))
		must(t, os.Symlink("usr/"+name, r.path(name)))
	}
	for _, program := range []string{"sh", "rm", "mkdir", "systemctl", "cron", "crontab"} {
		r.bring(t, find(t, program))
	}
	r.bring(t, glob(t, "/usr/lib/*/security/pam_permit.so"))
	for path, text := range map[string]string{
		"/etc/passwd":          fmt.Sprintf("root:x:0:0::/root:/bin/sh\naipass:x:%d:%d::/home/aipass:/bin/sh\n", aipass, aipass),
		"/etc/group":           fmt.Sprintf("root:x:0:\naipass:x:%d:\n", aipass),
		"/etc/shadow":          "root:*:19000::::::\naipass:*:19000::::::\n",
		"/etc/pam.d/cron":      "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\nsession sufficient pam_permit.so\n",
		"/dev/null":            "",
		"/var/lib/dpkg/status": "",
	} {
		r.write(t, path, text)
	}
	must(t, os.Chmod(r.path("/dev/null"), 0o666))
	for _, dir := range []string{"/run", "/var/spool/cron/crontabs", "/var/lib/dpkg/info", "/var/lib/dpkg/updates", "/var/lib/prometheus/node-exporter", "/etc/systemd/system", "/root", "/tmp", "/home/aipass"} {
		must(t, os.MkdirAll(r.path(dir), 0o755))
	}
	must(t, os.Symlink("/run", r.path("/var/run")))
	must(t, os.Chown(r.path("/home/aipass"), aipass, aipass))
	// As docs/install.md says: the user's group may write textfiles.
	textfiles := r.path("/var/lib/prometheus/node-exporter")
	must(t, os.Chown(textfiles, 0, aipass))
	must(t, os.Chmod(textfiles, 0o775))
	return r
}

func (r root) path(elem ...string) string {
	return filepath.Join(append([]string{string(r)}, elem...)...)
}

func (r root) write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(r.path(path)), 0o755))
	must(t, os.WriteFile(r.path(path), []byte(text), 0o644))
}

var library = regexp.MustCompile(`(/\S+) \(0x`)

// bring copies a program, and the libraries that it links to.
func (r root) bring(t *testing.T, program string) {
	t.Helper()
	must(t, copyFile(program, r.path(program)))
	out, err := exec.Command("ldd", program).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "not a dynamic executable") {
		t.Fatalf("ldd %s: %v\n%s", program, err, out)
	}
	for _, m := range library.FindAllStringSubmatch(string(out), -1) {
		must(t, copyFile(m[1], r.path(m[1])))
	}
}

// command is a program in the root, run by a user.
func (r root) command(uid uint32, program string, args ...string) *exec.Cmd {
	home := map[uint32]string{0: "/root", aipass: "/home/aipass"}[uid]
	return &exec.Cmd{
		Path: program, Args: append([]string{program}, args...), Dir: "/",
		Env:         []string{"HOME=" + home, "PATH=/usr/bin:/bin", "LANG=C"},
		SysProcAttr: &syscall.SysProcAttr{Chroot: string(r), Credential: &syscall.Credential{Uid: uid, Gid: uid}},
	}
}

// run runs a program in the root, and returns what it says.
func (r root) run(t *testing.T, uid uint32, program string, args ...string) string {
	t.Helper()
	cmd := r.command(uid, program, args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}

// dpkg is Debian's own, told of the root. Some machines keep it from installing
// documentation; here it installs all.
func (r root) dpkg(t *testing.T, args ...string) {
	t.Helper()
	output(t, "dpkg", append([]string{"--root=" + string(r), "--log=" + r.path("/var/lib/dpkg/log"), "--path-include=*", "--force-confold"}, args...)...)
}

// rpm is told of the root, and that what it would ask for is Debian's there. Its
// records are beside dpkg's.
func (r root) rpm(t *testing.T, args ...string) {
	t.Helper()
	output(t, "rpm", append([]string{"--root=" + string(r), "--dbpath=/var/lib/dpkg/rpm", "--nodeps", "--nosignature"}, args...)...)
}

// tree is all that is in the root but devices, dpkg's records and the user's home:
// what each file is, whose, and what is in it.
func (r root) tree(t *testing.T) map[string]string {
	t.Helper()
	tree := map[string]string{}
	must(t, filepath.WalkDir(string(r), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, string(r))
		if name == "/dev" || name == "/var/lib/dpkg" || name == "/home/aipass" {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t).Uid
		tree[name] = fmt.Sprint(info.Mode(), " of ", owner)
		if info.Mode().IsRegular() && !strings.HasPrefix(name, "/usr/lib/x86") {
			text, err := os.ReadFile(path)
			tree[name] += " " + string(text)
			return err
		}
		return nil
	}))
	return tree
}

// find finds a program, also where not everybody's PATH leads.
func find(t *testing.T, program string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not in PATH: install it (make test-deps)", program)
	return ""
}

func glob(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	must(t, err)
	if len(found) == 0 {
		t.Fatalf("no %s", pattern)
	}
	return found[0]
}
