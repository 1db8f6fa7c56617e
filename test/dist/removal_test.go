package dist

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnUpgradeKeepsStateAndEdits(t *testing.T) {
	t.Parallel()
	r := newHost(t)
	for _, unit := range units {
		r.runs(t, unit)
	}
	before := r.journal(t)
	r.run(t, 0, find(t, "systemctl"), "enable", "aipass-actions-run.timer")
	r.dpkg(t, "--install", of(t, next).file(t, "*.deb"))

	if got := r.run(t, aipass, "/usr/bin/aipass-actions", "--version"); !strings.Contains(got, "version 1.0.1 ") {
		t.Errorf("the program is\n%s", got)
	}
	if got := read(t, r.path("/etc/default/aipass")); got != "AIPASS_HOME="+home+"\n" {
		t.Errorf("the file that was edited is %q", got)
	}
	if got := read(t, r.path("/etc/default/aipass.dpkg-dist")); !strings.Contains(got, "next release") {
		t.Errorf("beside it is %q", got)
	}
	if _, err := os.Lstat(r.path("/etc/systemd/system/timers.target.wants/aipass-actions-run.timer")); err != nil {
		t.Errorf("what was enabled is no more: %v", err)
	}
	if diff := cmp.Diff(before, r.journal(t)); diff != "" {
		t.Errorf("the journal is another:\n%s", diff)
	}
	for _, file := range []string{"/var/lib/aipass-exporter/faults.json", "/var/lib/prometheus/node-exporter/aipass.prom"} {
		if _, err := os.Stat(r.path(file)); err != nil {
			t.Error(err)
		}
	}
	// The new program undoes what the old one did.
	if said := r.run(t, aipass, "/usr/bin/aipass-actions", "--aipass.home="+home, "undo"); !strings.Contains(said, "put back") {
		t.Errorf("undo said\n%s", said)
	}
}

func TestAPurgeLeavesNoTrace(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	r.layHost(t)
	before := r.tree(t)
	r.dpkg(t, "--install", of(t, first).file(t, "*.deb"))
	r.write(t, "/etc/default/aipass", "AIPASS_HOME="+home+"\n")
	for _, unit := range []string{"aipass-exporter-collect.timer", "aipass-actions-run.timer", "aipass-actions-webhook.service"} {
		r.run(t, 0, find(t, "systemctl"), "enable", unit)
	}
	for _, unit := range units {
		r.runs(t, unit)
	}
	runs := len(r.journal(t))

	r.dpkg(t, "--remove", "aipass-exporter")
	after := r.tree(t)
	for _, name := range []string{"/etc/default/aipass", "/var/lib/aipass-exporter/faults.json"} { // for who comes back
		if _, is := after[name]; !is {
			t.Errorf("a removal takes %s", name)
		}
	}
	r.dpkg(t, "--purge", "aipass-exporter")
	if diff := cmp.Diff(before, r.tree(t)); diff != "" {
		t.Errorf("left behind:\n%s", diff)
	}
	if got := len(r.journal(t)); got != runs {
		t.Errorf("of %d runs in the user's home %d are left", runs, got)
	}
}

func TestTheRPMInstallsIsBroughtUpToDateAndGoes(t *testing.T) {
	t.Parallel()
	r := newRoot(t)
	for _, dir := range []string{ // which are others'
		"/usr/lib/systemd/system", "/usr/share/bash-completion/completions", "/usr/share/doc", "/usr/share/man/man1", "/usr/share/zsh/site-functions", "/var/tmp",
	} {
		must(t, os.MkdirAll(r.path(dir), 0o755))
	}
	before := r.tree(t)
	r.rpm(t, "--install", of(t, first).file(t, "*.rpm"))
	r.run(t, 0, find(t, "systemctl"), "enable", "aipass-actions-run.timer")
	r.write(t, "/etc/default/aipass", "AIPASS_HOME="+home+"\n")

	r.rpm(t, "--upgrade", of(t, next).file(t, "*.rpm"))
	if got := r.run(t, aipass, "/usr/bin/aipass-exporter", "--version"); !strings.Contains(got, "version 1.0.1 ") {
		t.Errorf("the program is\n%s", got)
	}
	if got := read(t, r.path("/etc/default/aipass")); got != "AIPASS_HOME="+home+"\n" {
		t.Errorf("the file that was edited is %q", got)
	}
	if _, err := os.Lstat(r.path("/etc/systemd/system/timers.target.wants/aipass-actions-run.timer")); err != nil {
		t.Errorf("what was enabled is no more: %v", err)
	}

	r.rpm(t, "--erase", "aipass-exporter")
	left := r.tree(t)
	maps.DeleteFunc(left, func(name, _ string) bool { return strings.HasPrefix(name, "/etc/default") }) // which rpm keeps
	if diff := cmp.Diff(before, left); diff != "" {
		t.Errorf("left behind:\n%s", diff)
	}
}
