package aipass

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestRootIsFoundAsAIPassFindsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "legacy", "BRANCH_REGISTRY.json"), "{}")
	put(t, filepath.Join(dir, "repo", "AIPASS_REGISTRY.json"), "{}")
	deep := filepath.Join(dir, "repo", "src", "aipass")
	must(t, os.MkdirAll(deep, 0o755))
	must(t, os.MkdirAll(filepath.Join(dir, "elsewhere"), 0o755))
	tests := map[string]struct {
		env        map[string]string
		from, want string
	}{
		"AIPASS_REGISTRY before all": {map[string]string{"AIPASS_REGISTRY": "/srv/x/AIPASS_REGISTRY.json"}, "repo", "/srv/x"},
		"the working directory":      {nil, "repo", filepath.Join(dir, "repo")},
		"a legacy one":               {nil, "legacy", filepath.Join(dir, "legacy")},
		"upwards":                    {nil, "repo/src/aipass", filepath.Join(dir, "repo")},
		"upwards before home":        {map[string]string{"HOME": filepath.Join(dir, "legacy")}, "repo/src", filepath.Join(dir, "repo")},
		"the home directory":         {map[string]string{"HOME": filepath.Join(dir, "legacy")}, "elsewhere", filepath.Join(dir, "legacy")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := FindRoot(environment(tt.env), filepath.Join(dir, tt.from))
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestWhereNoRootIsTheErrorSaysWhereItWasLookedFor(t *testing.T) {
	t.Parallel()
	dir, home := t.TempDir(), t.TempDir()
	_, err := FindRoot(environment(map[string]string{"HOME": home}), dir)
	if !errors.Is(err, ErrNoRoot) {
		t.Fatalf("got %v, want no root", err)
	}
	for _, want := range []string{dir, home, "AIPASS_REGISTRY.json", "BRANCH_REGISTRY.json", "--aipass.home"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: does not name %s", err, want)
		}
	}
}

func TestRootMustBeADirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "file"), "")
	for _, name := range []string{"file", "gone"} {
		path := filepath.Join(dir, name)
		if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want an error that names it", name, err)
		}
	}
	if tree, err := Open(dir+"/.", Options{}); err != nil || tree.Root() != dir {
		t.Errorf("got %s, %v, want %s", tree.Root(), err, dir)
	}
}

func TestTreeContainsWhatWouldBeWrittenIntoIt(t *testing.T) {
	t.Parallel()
	root, outside := t.TempDir(), t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "logs"), 0o755))
	in := link(t, root, outside, "in")
	out := link(t, outside, root, "out")
	link(t, filepath.Join(root, "logs"), outside, "logs")
	put(t, filepath.Join(outside, "file"), "")
	tests := map[string]struct {
		path string
		want bool
	}{
		"the root itself":             {root, true},
		"a file to be made":           {filepath.Join(root, "aipass.prom"), true},
		"deeper":                      {filepath.Join(root, "logs", "aipass.prom"), true},
		"in a directory to be made":   {filepath.Join(root, "metrics", "aipass.prom"), true},
		"through a link from outside": {filepath.Join(in, "aipass.prom"), true},
		"a link from outside":         {filepath.Join(outside, "logs"), true},
		"through dots":                {filepath.Join(root, "logs") + "/../aipass.prom", true},
		"outside":                     {filepath.Join(outside, "aipass.prom"), false},
		"a file outside":              {filepath.Join(outside, "file"), false},
		"through a link to outside":   {filepath.Join(out, "aipass.prom"), false},
		"a name that begins like it":  {root + "2", false},
		"the directory above it":      {filepath.Dir(root), false},
		"nowhere":                     {"/no/such/place/aipass.prom", false},
	}
	tree := open(t, root, Options{})
	alias := open(t, in, Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := tree.Contains(tt.path); err != nil || got != tt.want {
				t.Errorf("%s: got %t, %v, want %t", tt.path, got, err, tt.want)
			}
			if got, err := alias.Contains(tt.path); err != nil || got != tt.want {
				t.Errorf("%s, the root being a symbolic link: got %t, %v, want %t", tt.path, got, err, tt.want)
			}
		})
	}
}
