package pages

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/test/rulefile"
)

// README.md has every alert of the rule files in a table. With UPDATE in the
// environment it is written there.
func TestREADMEHasEveryAlert(t *testing.T) {
	t.Parallel()
	const head = "| alert | severity | to | when |\n|---|---|---|---|\n"
	path := filepath.Join(top, "README.md")
	text, err := os.ReadFile(path)
	must(t, err)
	before, rest, found := strings.Cut(string(text), head)
	if !found {
		t.Fatalf("%s has no table of alerts", path)
	}
	got, after, _ := strings.Cut(rest, "\n\n")
	if rest[0] == '\n' {
		got, after = "", rest[1:]
	}
	want := alertRows(t)
	if os.Getenv("UPDATE") != "" {
		must(t, os.WriteFile(path, []byte(before+head+want+"\n"+after), 0o644))
		return
	}
	if diff := cmp.Diff(want, got+"\n"); diff != "" {
		t.Errorf("make update (-rules +README)\n%s", diff)
	}
}

// An alert of which a page tells is one of the rule files.
func TestPagesNameAlertsThatExist(t *testing.T) {
	t.Parallel()
	rows := alertRows(t)
	for _, p := range pages(t) {
		for _, name := range regexp.MustCompile(`\bAIPass[A-Z]\w+`).FindAllString(string(p.source), -1) {
			if !strings.Contains(rows, "["+name+"]") {
				t.Errorf("%s: there is no %s", p.path, name)
			}
		}
	}
}

// alertRows has a row for each alert of the rule files.
func alertRows(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(top, "deploy", "prometheus", "rules", "*.yml"))
	must(t, err)
	var rows strings.Builder
	for _, file := range files {
		rules, err := rulefile.Read(file)
		must(t, err)
		for _, group := range rules.Groups {
			for _, r := range group.Rules {
				if r.Alert != "" {
					fmt.Fprintf(&rows, "| [%s](docs/runbooks.md#%s) | %s | %s | %s |\n",
						r.Alert, strings.ToLower(r.Alert), r.Labels["severity"], r.Labels["recipient"], r.Annotations["summary"])
				}
			}
		}
	}
	return rows.String()
}
