package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions/doctor"
)

// newWell is a site on which all jobs have run, by a clock that stands still a
// little ahead, so that nothing on the disk is of its future.
func newWell(t *testing.T) (s *site, textfiles string) {
	t.Helper()
	s, textfiles = newSite(t), t.TempDir()
	s.at(time.Now().Add(20 * time.Minute))
	s.run(0, "catch-up", "--textfile.directory="+textfiles)
	return s, textfiles
}

// examine has the doctor look at the site, and finds the steps by their names.
// The exit code has to be that of the worst.
func (s *site) examine(args ...string) map[string]doctor.Step {
	s.t.Helper()
	code := 0
	out, errs := s.runs(&code, append([]string{"doctor", "--json"}, args...)...)
	var report doctorReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		s.t.Fatalf("%v\n%s%s", err, out, errs)
	}
	want, steps := 0, map[string]doctor.Step{}
	for _, step := range report.Steps {
		steps[step.Name] = step
		if step.Result == doctor.Fault {
			want = 1
		}
		if hasRemedy := step.Remedy != ""; hasRemedy != (step.Result == doctor.Fault) || step.Detail == "" {
			s.t.Errorf("%+v", step)
		}
	}
	if code != want || report.Healthy != (want == 0) || report.Home != s.home {
		s.t.Errorf("exit code %d, want %d\n%s", code, want, out)
	}
	return steps
}

// finds checks how a step was found, and that it says the words.
func finds(t *testing.T, steps map[string]doctor.Step, name string, want doctor.Result, words ...string) {
	t.Helper()
	step := steps[name]
	for _, word := range words {
		if !strings.Contains(step.Detail+"\n"+step.Remedy, word) {
			t.Errorf("%s does not say %q: %+v", name, word, step)
		}
	}
	if step.Result != want {
		t.Errorf("%s: %+v, want %s", name, step, want)
	}
}

// tree is all that is below some directories, with times and contents.
func tree(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			found[path] = info.Mode().String() + info.ModTime().String()
			if info.Mode().IsRegular() {
				data, err := os.ReadFile(path)
				found[path] += string(data)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func remove(t *testing.T, elem ...string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(elem...)); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
