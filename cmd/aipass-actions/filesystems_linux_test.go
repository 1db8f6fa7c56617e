package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/procfs"

	"github.com/aiosai/aipass-exporter/actions"
)

// What a run says of the file system of a host is what df says.
func TestFilesystemsAreThoseOfTheHost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var text bytes.Buffer
	must(t, writeFilesystems(&text, dir, filepath.Join(dir, "nothing there yet"), dir))
	out, err := exec.Command("df", "--block-size=1", "--output=target,size", dir).Output()
	must(t, err)
	df := strings.Fields(strings.Split(strings.TrimSpace(string(out)), "\n")[1])
	var size float64
	for line := range strings.Lines(text.String()) {
		if strings.HasPrefix(line, "node_filesystem_size_bytes{") && strings.Contains(line, fmt.Sprintf("mountpoint=%q", df[0])) {
			size, err = strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(line, ' '):]), 64)
			must(t, err)
		}
	}
	if want, _ := strconv.ParseFloat(df[1], 64); size != want || size == 0 {
		t.Errorf("size %v, df says %v:\n%s", size, df, text.String())
	}
	if got := strings.Count(text.String(), "\nnode_filesystem_avail_bytes{"); got != 1 {
		t.Errorf("%d file systems, want one:\n%s", got, text.String())
	}
}

func TestAPathIsInTheNarrowestMount(t *testing.T) {
	t.Parallel()
	mounts := []*procfs.MountInfo{{MountPoint: "/"}, {MountPoint: "/home"}, {MountPoint: "/home/aipass", Source: "old"}, {MountPoint: "/home/aipass", Source: "new"}, {MountPoint: "/home/aipass2"}}
	for path, want := range map[string]string{"/": "/", "/homes": "/", "/home/x": "/home", "/home/aipass": "/home/aipass", "/home/aipass/x": "/home/aipass"} {
		if m := mountOf(mounts, path); m.MountPoint != want || want == "/home/aipass" && m.Source != "new" {
			t.Errorf("%s is in %+v, want %s", path, m, want)
		}
	}
}

// A disk that is full is an alert of a run, too. The threshold is the rule's; a rule
// of the test asks what there is.
func TestARunKnowsHowFullTheDiskIs(t *testing.T) {
	t.Parallel()
	s := newRunSite(t)
	rule := filepath.Join(t.TempDir(), "disk.yml")
	writeFile(t, rule, "groups: [{name: d, rules: [{alert: Disk, expr: 'node_filesystem_avail_bytes / node_filesystem_size_bytes < 2 and node_filesystem_readonly == 0 and on (instance, job) aipass_exporter_last_run_timestamp_seconds', labels: {severity: critical}}]}]\n")
	s.run(0, "run", "--rules="+rule)
	if firing := s.readState().Alerts.Firing; len(firing) == 0 || firing[0].Severity != actions.SeverityCritical {
		t.Errorf("firing %+v", firing)
	}
}
