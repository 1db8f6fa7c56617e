package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// hasConfig wants a configuration of Prometheus that promtool takes, with all
// that it names.
func (s *session) hasConfig(lines []string) {
	s.t.Helper()
	const path = "/etc/prometheus/page.yml"
	must(s.t, os.WriteFile(s.path(path), []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	s.command("promtool check config " + path)
	s.hasFilesOf(path)
}

// hasFilesOf wants the files that a configuration names to be there, and not
// empty: promtool and amtool do not look for keys and passwords.
func (s *session) hasFilesOf(path string) {
	s.t.Helper()
	text, err := os.ReadFile(s.path(path))
	must(s.t, err)
	for _, m := range regexp.MustCompile(`_file: ([^\s}]+)`).FindAllStringSubmatch(string(text), -1) {
		file := filepath.Join(filepath.Dir(path), m[1])
		if filepath.IsAbs(m[1]) {
			file = m[1]
		}
		if info, err := os.Stat(s.path(file)); err != nil || info.Size() == 0 {
			s.t.Errorf("%s names %s, which is empty or missing: %v", path, file, err)
		}
	}
}
