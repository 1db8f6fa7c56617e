package routing_test

import (
	"os"
	"strings"
	"testing"
)

// Alertmanager brings a watcher of files along; a run must not start one.
func TestNothingWatchesFiles(t *testing.T) {
	d := shipped(t)
	d.fire(noon, over)
	d.run(noon)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range open {
		if target, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.Contains(target, "inotify") {
			t.Errorf("descriptor %s is %s", fd.Name(), target)
		}
	}
}
