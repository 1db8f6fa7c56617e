package aipass

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inventory is all there is to know of a directory: names, modes, sizes,
// times of change and content.
func inventory(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		line := fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
		if e.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %x", sha256.Sum256(content))
		}
		all[path] = line
		return nil
	}))
	return all
}

func TestLookChangesNothingAndMakesNoLockFile(t *testing.T) {
	t.Parallel()
	for name, archive := range map[string]string{"healthy": twoGenerations, "with agents": healthyAndHostile, "empty": "-- README.md --\n"} {
		root := lay(t, archive)
		before := inventory(t, root)
		lookWith(t, root, Options{PathMap: []PathMapping{{From: "/home/aipass", To: root}}})
		if diff := cmp.Diff(before, inventory(t, root)); diff != "" {
			t.Errorf("%s: -before +after:\n%s", name, diff)
		}
	}
}

// An inbox that was half written a moment ago is what the lock would be taken
// for. In the bubble, now is the moment that the file was written.
func TestLookAtAnInboxBeingWrittenMakesNoLockFile(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]bool{"without a lock file": false, "with one": true} {
		root := lay(t, healthyAndHostile)
		inbox := filepath.Join(root, hostileFiles["inbox"])
		put(t, inbox, `{"messages": [`)
		if lock {
			put(t, filepath.Join(filepath.Dir(inbox), ".inbox.lock"), "")
		}
		synctest.Test(t, func(t *testing.T) {
			must(t, os.Chtimes(inbox, time.Now(), time.Now()))
			before, began := inventory(t, root), time.Now()
			s := look(t, root)
			if diff := cmp.Diff(before, inventory(t, root)); diff != "" {
				t.Errorf("%s: -before +after:\n%s", name, diff)
			}
			if waited := time.Since(began); waited < 100*time.Millisecond || branch(t, s, "HOSTILE").Inbox.State() != Malformed {
				t.Errorf("%s: got %v after %v, want it malformed after some tries", name, branch(t, s, "HOSTILE").Inbox.State(), waited)
			}
			wantHealthy(t, s)
		})
	}
}
