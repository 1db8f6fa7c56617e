package pages

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// A letter is one of ours, in the mailbox of a branch.
type letter struct{ to, From, Subject string }

// The page tells agents by which sender and subject they know mail from the
// watcher: here is all that a run and a report write.
func TestAgentsKnowOurMailByWhatThePageSays(t *testing.T) {
	t.Parallel()
	forms, ours := subjectsOf(agentsPage(t, "from `@trigger`")), letters(t, demoHost(t))
	for _, l := range ours {
		if l.From != "@trigger" {
			t.Errorf("%+v: the page says that it is from @trigger", l)
		}
		if !slices.ContainsFunc(forms, func(form *regexp.Regexp) bool { return form.MatchString(l.Subject) }) {
			t.Errorf("%+v: the page does not know the subject", l)
		}
	}
	for _, form := range forms {
		if !slices.ContainsFunc(ours, func(l letter) bool { return form.MatchString(l.Subject) }) {
			t.Errorf("the page knows %s, and no such mail came", form)
		}
	}
}

func TestWhereNobodyIsTriggerOurMailIsFromItsReader(t *testing.T) {
	t.Parallel()
	agentsPage(t, "from your own address where nobody is registered as `@trigger`")
	host := demoHost(t)
	registry := filepath.Join(host, "AIPASS_REGISTRY.json")
	text, err := os.ReadFile(registry)
	must(t, err)
	must(t, os.WriteFile(registry, []byte(strings.ReplaceAll(string(text), `"@trigger"`, `"@bell"`)), 0o644))
	for _, l := range letters(t, host) {
		if l.to != "@trigger" && l.From != l.to { // who has another address now
			t.Errorf("%+v: the page says that it is from its reader's own address", l)
		}
	}
}

// agentsPage is the page, which says something.
func agentsPage(t *testing.T, says string) page {
	t.Helper()
	p := named(t, "docs/for-agents.md")
	if !strings.Contains(string(p.source), says) {
		t.Errorf("%s does not say: %s", p.path, says)
	}
	return p
}

// subjectsOf are those that a page shows: N is a number, and DATE a day.
func subjectsOf(p page) (subjects []*regexp.Regexp) {
	form := strings.NewReplacer("N ", `\d+ `, "Issues", "Issues?", "messages", "messages?", "DATE", `\d{4}-\d\d-\d\d`)
	p.walk(func(n ast.Node) bool {
		if n.Kind() == ast.KindCodeSpan {
			if subject := p.words(n); strings.HasPrefix(subject, "[") && strings.Contains(subject, "] ") {
				subjects = append(subjects, regexp.MustCompile("^"+form.Replace(regexp.QuoteMeta(subject))+"$"))
			}
		}
		return true
	})
	return subjects
}

func demoHost(t *testing.T) string {
	t.Helper()
	host := filepath.Join(t.TempDir(), "aipass")
	must(t, demohost.Lay(host, time.Now()))
	return host
}

// letters are ours of a run and a report: what else is in the mailboxes has no
// brackets.
func letters(t *testing.T, host string) (ours []letter) {
	t.Helper()
	state := t.TempDir()
	for _, args := range [][]string{{"run"}, {"report", "--output=mail"}} {
		cmd := exec.Command(filepath.Join(programs(t), "aipass-actions"), append(args, "--aipass.home="+host, "--state.dir="+state)...)
		out, err := cmd.CombinedOutput()
		if exit, is := errors.AsType[*exec.ExitError](err); err != nil && (!is || exit.ExitCode() != 1) { // some branches are sick
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
	}
	must(t, filepath.WalkDir(host, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "inbox.json" {
			return err
		}
		text, err := os.ReadFile(path)
		must(t, err)
		var inbox struct{ Messages []letter }
		_ = json.Unmarshal(text, &inbox) // one is broken, and gets no mail
		for _, l := range inbox.Messages {
			if l.to = "@" + strings.ToLower(filepath.Base(filepath.Dir(filepath.Dir(path)))); strings.HasPrefix(l.Subject, "[") {
				ours = append(ours, l)
			}
		}
		return nil
	}))
	if len(ours) < 5 {
		t.Fatalf("there are only %+v", ours)
	}
	return ours
}
