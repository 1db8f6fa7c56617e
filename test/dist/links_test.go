package dist

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Pages link to what they speak of, and are read where they are installed, too.
func TestLinksOfThePagesLeadSomewhereWhereTheyAreInstalled(t *testing.T) {
	t.Parallel()
	r := of(t, first)
	installed := t.TempDir()
	output(t, "dpkg-deb", "--extract", r.file(t, "*.deb"), installed)
	for what, dir := range map[string]string{
		"archive": r.unpacked(t), "package": filepath.Join(installed, "usr/share/doc/aipass-exporter"),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			followLinks(t, dir)
		})
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)

// followLinks follows those of all pages in a folder that lead to files.
func followLinks(t *testing.T, dir string) {
	t.Helper()
	followed := 0
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		pages, err := filepath.Glob(filepath.Join(dir, pattern))
		must(t, err)
		for _, page := range pages {
			for _, m := range link.FindAllStringSubmatch(read(t, page), -1) {
				if strings.HasPrefix(m[1], "https://") {
					continue
				}
				followed++
				if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
					t.Errorf("%s: %v", filepath.Base(page), err)
				}
			}
		}
	}
	if followed < 50 {
		t.Errorf("followed only %d links", followed)
	}
}

// A package has its programs elsewhere than whoever copies files by hand.
func TestThePackageNamesItsProgramsWhereTheyAre(t *testing.T) {
	t.Parallel()
	installed := t.TempDir()
	output(t, "dpkg-deb", "--extract", of(t, first).file(t, "*.deb"), installed)
	named := regexp.MustCompile(`/[\w/]*/aipass-(?:actions|exporter)\b [a-z-]+`)
	for _, path := range []string{
		"usr/share/aipass-exporter/deploy/cron/aipass-actions.crontab",
		"usr/lib/systemd/system/aipass-actions-run.service",
		"usr/share/aipass-exporter/deploy/systemd/aipass-actions-run.service",
	} {
		commands := named.FindAllString(read(t, filepath.Join(installed, path)), -1)
		if len(commands) == 0 {
			t.Errorf("%s names no program", path)
		}
		for _, command := range commands {
			if !strings.HasPrefix(command, "/usr/bin/") {
				t.Errorf("%s: %s", path, command)
			}
		}
	}
}
