package cleanup

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// busy is a host on which there is everything to do.
func busy(t *testing.T) *host {
	t.Helper()
	h := newHost(t, "DRONE", "FLOW", "IDLE", "PRAX", "SPAWN")
	h.put("DRONE", inbox(sent("a", "new", 3*day), sent("b", "opened", 8*day)))
	h.put("FLOW", `[{"id": "c", "timestamp": "2026-01-01 00:00:00", "message": "half \ud83d a pair"}]`)
	h.put("IDLE", inbox(sent("d", "new", hour)))
	h.put("PRAX", "{broken")
	must(t, os.RemoveAll(h.box("SPAWN")))
	return h
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	h := busy(t)
	before := tree(t, h.root)
	if results := h.dryRun(); len(results[0].Opened) != 1 || len(results[1].Opened) != 1 {
		t.Fatalf("there was nothing to do: %+v", results)
	}
	if diff := cmp.Diff(before, tree(t, h.root)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	if runs, err := h.journal.List(); err != nil || len(runs) > 0 {
		t.Errorf("the journal has %v, %v", runs, err)
	}
	h.run()
	if cmp.Diff(before, tree(t, h.root)) == "" {
		t.Error("the real run shows nowhere, so the dry one would not have shown either")
	}
}

func TestADryRunSaysWhatTheRunThenDoes(t *testing.T) {
	t.Parallel()
	h := busy(t)
	dry := h.dryRun()
	_, wet := h.run()
	told := func(id string) string { return fmt.Sprint("notice: ", id != "") } // each has an id of its own
	for i := range dry {
		dry[i].Notice, wet[i].Notice = told(dry[i].Notice), told(wet[i].Notice)
	}
	if diff := cmp.Diff(dry, wet, cmp.Comparer(time.Time.Equal), cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })); diff != "" {
		t.Errorf("-dry +real:\n%s", diff)
	}
}

// tree is everything in a directory: what it is, when it was changed, and what
// it holds.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	must(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		must(t, err)
		info, err := e.Info()
		must(t, err)
		what := fmt.Sprint(info.Mode(), info.ModTime().UnixNano(), inode(info))
		if info.Mode().IsRegular() {
			what += "\n" + read(t, path)
		}
		found[strings.TrimPrefix(path, root)] = what
		return nil
	}))
	return found
}
