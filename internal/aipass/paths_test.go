package aipass

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestPathMappingIsWrittenFromEqualsTo(t *testing.T) {
	t.Parallel()
	got, err := ParsePathMapping("/home/aipass/=/mnt/backup//aipass")
	if want := (PathMapping{From: "/home/aipass", To: "/mnt/backup/aipass"}); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for name, s := range map[string]string{
		"no equals sign":  "/home/aipass",
		"nothing to":      "/home/aipass=",
		"nothing from":    "=/mnt",
		"from a relative": "home=/mnt",
		"empty":           "",
	} {
		if got, err := ParsePathMapping(s); err == nil {
			t.Errorf("%s: %q: got %v, want an error", name, s, got)
		}
	}
}

func TestRelativePathMappingLeadsFromTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	wd, err := os.Getwd()
	must(t, err)
	got, err := ParsePathMapping("/home/aipass=backup")
	if want := filepath.Join(wd, "backup"); err != nil || got.To != want {
		t.Errorf("got %v, %v, want it to lead to %s", got, err, want)
	}
}

func TestRegisteredPathStandsWhereItSaysOrWhereTheMapSays(t *testing.T) {
	t.Parallel()
	r := &resolver{root: "/srv/host", maps: []PathMapping{
		{From: "/home/aipass", To: "/srv/host"},
		{From: "/home/aipass/business", To: "/mnt/business"},
		{From: "/home", To: "/mnt/home"},
	}}
	tests := map[string]struct{ registered, want string }{
		"relative":                       {"src/aipass/drone", "/srv/host/src/aipass/drone"},
		"relative with dots":             {"./src/../drone/", "/srv/host/drone"},
		"the root, as AIPass writes it":  {"/", "/srv/host"},
		"the root, as a dot":             {".", "/srv/host"},
		"absolute":                       {"/srv/host/drone", "/srv/host/drone"},
		"mapped":                         {"/home/aipass/drone", "/srv/host/drone"},
		"mapped, the very directory":     {"/home/aipass", "/srv/host"},
		"mapped, with a slash behind":    {"/home/aipass/", "/srv/host"},
		"the longest mapping counts":     {"/home/aipass/business/ceo", "/mnt/business/ceo"},
		"a shorter one for the rest":     {"/home/patrick", "/mnt/home/patrick"},
		"half a name is not the name":    {"/home/aipass2/drone", "/mnt/home/aipass2/drone"},
		"dots cannot leave a mapping":    {"/home/aipass/../patrick", "/mnt/home/patrick"},
		"no mapping fits":                {"/opt/drone", "/opt/drone"},
		"a relative one is never mapped": {"home/aipass/drone", "/srv/host/home/aipass/drone"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := r.mapped(tt.registered); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.registered, got, tt.want)
			}
		})
	}
}

// away lays a root with a branch in it and a directory beside it.
func away(t *testing.T) (root, outside string) {
	t.Helper()
	root, outside = t.TempDir(), t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "src", "drone"), 0o755))
	must(t, os.MkdirAll(filepath.Join(outside, "drone"), 0o755))
	return root, outside
}

func TestBranchInTheRootIsAccepted(t *testing.T) {
	t.Parallel()
	root, _ := away(t)
	link(t, "src/drone", root, "inner")
	link(t, root, t.TempDir(), "alias")
	for name, registered := range map[string]string{
		"relative":                     "src/drone",
		"absolute":                     filepath.Join(root, "src", "drone"),
		"the root":                     "/",
		"the root by its path":         root,
		"a symbolic link within":       "inner",
		"dots that come back":          "../" + filepath.Base(root) + "/src/drone",
		"more dots than there are":     "src/../src/../src/drone",
		"absolute with a slash behind": filepath.Join(root, "src", "drone") + "/",
	} {
		if dir, info, err := newResolver(root, nil).directory(registered); err != nil || !info.IsDir() {
			t.Errorf("%s: got %s, %v, want a directory", name, dir, err)
		}
	}
}

func TestPathThatLeavesTheRootIsRefusedWhetherItExistsOrNot(t *testing.T) {
	t.Parallel()
	root, outside := away(t)
	link(t, outside, root, "exit")
	link(t, filepath.Join(outside, "drone"), root, "drone")
	for name, registered := range map[string]string{
		"absolute":                       filepath.Join(outside, "drone"),
		"absolute, another machine's":    "/home/aipass/no/such/machine",
		"dots":                           "../" + filepath.Base(filepath.Dir(outside)),
		"dots to nowhere":                "../../no/such/directory",
		"a symbolic link out":            "drone",
		"through a symbolic link out":    "exit/drone",
		"a name that begins like root's": root + "2",
		"everything":                     "/..",
		"dots at the end":                "src/../..",
		"absolute, dots out":             root + "/../x",
	} {
		dir, _, err := newResolver(root, nil).directory(registered)
		if !errors.Is(err, ErrOutsideRoot) {
			t.Errorf("%s: got %s, %v, want it refused", name, dir, err)
		}
	}
}

func TestMappingMayLeadOutOfTheRoot(t *testing.T) {
	t.Parallel()
	root, outside := away(t)
	r := newResolver(root, []PathMapping{{From: "/home/aipass", To: outside}})
	if dir, _, err := r.directory("/home/aipass/drone"); err != nil || dir != filepath.Join(outside, "drone") {
		t.Errorf("got %s, %v, want the directory of the mapping", dir, err)
	}
	if _, _, err := r.directory("/home/aipass/../patrick"); !errors.Is(err, ErrOutsideRoot) {
		t.Errorf("got %v, want what leaves the mapping refused", err)
	}
	if _, _, err := r.directory("/home/aipass/gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want what is gone missing", err)
	}
}

func TestRootMayBeASymbolicLink(t *testing.T) {
	t.Parallel()
	root, _ := away(t)
	alias := link(t, root, t.TempDir(), "alias")
	for name, registered := range map[string]string{
		"relative":                  "src/drone",
		"absolute through the link": filepath.Join(alias, "src", "drone"),
		"absolute without the link": filepath.Join(root, "src", "drone"),
	} {
		if _, _, err := newResolver(alias, nil).directory(registered); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := newResolver(alias, nil).directory("gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want what is gone missing", err)
	}
}

func TestFaultOfADirectoryNamesItsPath(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	put(t, filepath.Join(root, "file"), "")
	link(t, "loop", root, "loop")
	for name, registered := range map[string]string{
		"missing":            "gone",
		"a file":             "file",
		"below a file":       "file/drone",
		"a loop":             "loop",
		"below a loop":       "loop/drone",
		"a name with a zero": "a\x00b",
	} {
		_, _, err := newResolver(root, nil).directory(registered)
		var named *fs.PathError
		if !errors.As(err, &named) || len(named.Path) <= len(root) {
			t.Errorf("%s: got %v, want an error that names the path", name, err)
		}
	}
}

// link makes dir/name lead to target.
func link(t *testing.T, target, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	must(t, os.Symlink(target, path))
	return path
}
