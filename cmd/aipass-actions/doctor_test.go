package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/doctor"
)

var daemons = []string{"node_exporter", "prometheus", "rules", "alertmanager", "routes", "webhook"}

func TestDoctorSkipsTheDaemonsThatThereAreNot(t *testing.T) {
	t.Parallel()
	s, textfiles := newWell(t)
	steps := s.examine("--textfile.directory=" + textfiles)
	for _, name := range daemons {
		finds(t, steps, name, doctor.Skipped, "no daemon: --")
	}
	for _, name := range []string{"host", "mailboxes", "catch-all", "textfiles", "jobs", "clock", "state"} {
		finds(t, steps, name, doctor.OK)
	}
}

// Without an Alertmanager a test mail takes the way that a run's alerts take.
func TestDoctorSendsATestMailWithoutADaemon(t *testing.T) {
	t.Parallel()
	s, _ := newWell(t)
	step := s.examine("--send-test=@flow")["test"]
	if step.Result != doctor.OK || step.Took <= 0 {
		t.Errorf("%+v", step)
	}
	inbox, err := os.ReadFile(filepath.Join(s.home, "flow/ai_mail.local/inbox.json"))
	if err != nil || strings.Contains(string(inbox), "AIPassTest") {
		t.Errorf("%v; the mail has not closed itself:\n%s", err, inbox)
	}
	closed, err := filepath.Glob(filepath.Join(s.home, "flow/ai_mail.local/deleted/*.json"))
	if err != nil || len(closed) != 1 {
		t.Errorf("closed mail: %q, %v", closed, err)
	}
	history, _ := s.run(0, "history")
	for _, want := range []string{"delivered  AIPassTest-", "resolved   AIPassTest-"} {
		if !strings.Contains(history, want) {
			t.Errorf("no %q in\n%s", want, history)
		}
	}
}

func TestATestMailThatCannotArrive(t *testing.T) {
	t.Parallel()
	s, _ := newWell(t)
	finds(t, s.examine("--send-test=@nobody"), "test", doctor.Fault, "@nobody", "in the registry")
	s.put("flow/ai_mail.local/inbox.json", "not JSON")
	finds(t, s.examine("--send-test=@flow"), "test", doctor.Fault, "the mailbox of FLOW cannot be used", "repair the file")
	s.put("BRANCH_REGISTRY.json", "not JSON")
	before := tree(t, s.home, s.state)
	finds(t, s.examine("--send-test=@flow"), "test", doctor.Skipped, "host is at fault")
	if diff := cmp.Diff(before, tree(t, s.home, s.state)); diff != "" {
		t.Errorf("a test that was skipped: -before +after:\n%s", diff)
	}
}

// A host of its own for each fault: what the doctor finds, and what would help.
func TestDoctorFindsWhatIsWrongWithTheHost(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		harm  func(*testing.T, *site, string)
		step  string
		words []string
	}{
		"no registry":                {func(t *testing.T, s *site, _ string) { remove(t, s.home, "BRANCH_REGISTRY.json") }, "host", []string{"registry", "--aipass.home"}},
		"a file that cannot be read": {func(_ *testing.T, s *site, _ string) { s.put("flow/FLOW.local.json/x", "") }, "host", []string{"cannot read local of FLOW", "move away"}},
		"an inbox that is a link": {func(t *testing.T, s *site, _ string) {
			remove(t, s.home, "flow/ai_mail.local/inbox.json")
			if err := os.Symlink("../../dev/ai_mail.local/inbox.json", filepath.Join(s.home, "flow/ai_mail.local/inbox.json")); err != nil {
				t.Fatal(err)
			}
		}, "mailboxes", []string{"FLOW", "put the real file in its place"}},
		"nobody who catches all": {func(_ *testing.T, s *site, _ string) {
			s.put("BRANCH_REGISTRY.json", `{"branches": [{"name": "FLOW", "path": "flow"}]}`)
		}, "catch-all", []string{"dev_central", "--recipient.dev-central"}},
		"who catches all has lost the mailbox":  {func(t *testing.T, s *site, _ string) { remove(t, s.home, "dev/ai_mail.local") }, "catch-all", []string{"DEV_CENTRAL"}},
		"a textfile that is none":               {func(_ *testing.T, _ *site, dir string) { write(t, dir, "bad.prom", "x{ 1\n") }, "textfiles", []string{"bad.prom", "aipass-exporter lint"}},
		"no textfile":                           {func(t *testing.T, _ *site, dir string) { remove(t, dir, "aipass.prom") }, "textfiles", []string{"aipass.prom", "--textfile.directory"}},
		"no textfile directory":                 {func(t *testing.T, _ *site, dir string) { remove(t, dir) }, "textfiles", []string{"there is no directory", "mkdir -p ", "node_exporter"}},
		"textfiles that nobody writes any more": {func(_ *testing.T, s *site, _ string) { s.at(s.clock().Add(72 * time.Hour)) }, "textfiles", []string{"no run has written it since", "aipass-actions run --textfile.directory="}},
		"a job that was missed":                 {func(_ *testing.T, s *site, _ string) { s.at(s.clock().Add(3 * time.Hour)) }, "jobs", []string{"run is overdue since", "catch-up"}},
		"mail of the future": {func(_ *testing.T, s *site, _ string) {
			s.put("flow/ai_mail.local/inbox.json", `{"messages": [{"id": "1", "timestamp": "`+s.clock().Add(time.Hour).Format(time.DateTime)+`", "status": "new"}]}`)
		}, "clock", []string{"FLOW", "--aipass.timezone"}},
		"files of the future":  {func(_ *testing.T, s *site, _ string) { s.at(s.clock().Add(-24 * time.Hour)) }, "clock", []string{"was written at", "timedatectl"}},
		"a state that is none": {func(t *testing.T, s *site, _ string) { write(t, s.state, "scheduled_state.json", "not JSON") }, "state", []string{"scheduled_state.json", "sets it aside"}},
		"another host's state": {func(t *testing.T, s *site, _ string) {
			write(t, s.state, "scheduled_state.json", `{"home": "/another"}`)
		}, "state", []string{"/another", "--state.dir"}},
		"a journal that is none": {func(t *testing.T, s *site, _ string) {
			write(t, s.state, "journal/20260219T081500Z-3fa9.jsonl", "not JSON\n")
		}, "state", []string{"journal", "cannot be undone"}},
		"a state that is a file": {func(t *testing.T, s *site, _ string) {
			remove(t, s.state, ".")
			write(t, filepath.Dir(s.state), filepath.Base(s.state), "")
		}, "state", []string{"is no directory", "--state.dir"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, textfiles := newWell(t)
			finds(t, s.examine("--textfile.directory="+textfiles), row.step, doctor.OK)
			row.harm(t, s, textfiles)
			finds(t, s.examine("--textfile.directory="+textfiles), row.step, doctor.Fault, row.words...)
		})
	}
}

// What a remedy says to type is about this host, wherever it is typed.
func TestRemediesHaveTheFlagsThatWereGiven(t *testing.T) {
	t.Parallel()
	s, textfiles := newWell(t)
	s.at(s.clock().Add(3 * time.Hour))
	step := s.examine("--textfile.directory="+textfiles, "--remind=48h", "--aipass.path-map=/old home="+s.home, "--max-clock-skew=1h")["jobs"]
	want := "aipass-actions catch-up --textfile.directory=" + textfiles + " --remind=48h '--aipass.path-map=/old home=" + s.home + "' --aipass.home=" + s.home + " --state.dir=" + s.state + ", "
	if !strings.HasPrefix(step.Remedy, want) {
		t.Errorf("%+v, want the remedy %s", step, want)
	}
}

// Only the doctor, who can say how to make it, takes a directory that is not there.
func TestATextfileDirectoryThatIsNotThere(t *testing.T) {
	t.Parallel()
	s, _ := newWell(t)
	for _, place := range []string{"/nowhere", filepath.Join(s.home, "BRANCH_REGISTRY.json")} {
		finds(t, s.examine("--textfile.directory="+place), "textfiles", doctor.Fault, "there is no directory "+place)
		for _, command := range []string{"run", "report", "cleanup"} {
			if _, errs := s.run(2, command, "--textfile.directory="+place); !strings.Contains(errs, "--textfile.directory: ") {
				t.Errorf("%s: %s", command, errs)
			}
		}
	}
}

// The table for people has a mark for each step, and the remedy below it.
func TestDoctorForPeople(t *testing.T) {
	t.Parallel()
	s, textfiles := newWell(t)
	remove(t, textfiles, "aipass.prom")
	code := 0
	out, _ := s.runs(&code, "doctor", "--textfile.directory="+textfiles)
	for _, want := range []string{"\n✓  mailboxes ", "\n✗  textfiles ", " → aipass-actions run --textfile.directory=", "\n–  webhook        skipped, no daemon: --webhook.url is not given\n", s.home + ": ", " skipped\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
}
