package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLayhost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags []string
		want  string
	}{
		"the demo":     {nil, "aipass_core/drone/DRONE.local.json"},
		"regular ones": {[]string{"--branches=2"}, "aipass_core/baker_00000/README.md"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "host")
			var stdout strings.Builder
			if err := run(append(test.flags, dir), &stdout); err != nil {
				t.Fatal(err)
			}
			if got, want := stdout.String(), dir+"\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if _, err := os.Stat(filepath.Join(dir, test.want)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLayhostRefuses(t *testing.T) {
	t.Parallel()
	if err := run([]string{".", "--branches=two"}, &strings.Builder{}); err == nil {
		t.Error("branches=two: got no error")
	}
	err := run([]string{"."}, &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("directory in use: got %v, want a refusal", err)
	}
}
