package aipass

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var aBuild = [32]byte{1}

// recalling is a host at which looks recall files however lately they have been
// changed, for tests have just made theirs.
func recalling(t *testing.T, root string, o Options, saved []byte) Tree {
	t.Helper()
	tree := open(t, root, o).Recalling(saved, aBuild)
	tree.quiet = -time.Hour
	return tree
}

// lookAgain is a look at the host, and what it leaves to the next.
func lookAgain(t *testing.T, root string, saved []byte) (*Snapshot, []byte) {
	t.Helper()
	s := recalling(t, root, Options{}, saved).Snapshot(t.Context())
	return s, savedOf(t, s)
}

func savedOf(t *testing.T, s *Snapshot) []byte {
	t.Helper()
	if s.Recollection == nil {
		t.Fatalf("nothing to recall: %v", s.Incomplete)
	}
	var saved bytes.Buffer
	must(t, s.Recollection.Save(&saved))
	return saved.Bytes()
}

// wantSame compares looks, whatever the order of what was saved of them.
func wantSame(t *testing.T, want, got *Snapshot) {
	t.Helper()
	diff := cmp.Diff(want, got,
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Recollection" }, cmp.Ignore()),
		cmp.Comparer(func(a, b error) bool { return errorText(a) == errorText(b) }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }))
	if diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// aHost has files of every kind, legacy and modern, of which one is broken.
const aHost = `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "OLD", "path": "old"}]}
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "NEW", "path": "new"}, {"name": "BAD", "path": "bad"}]}
-- old/ai_mail.local/inbox.json --
{"total_messages": 7, "messages": [{"status": "new", "timestamp": "2026-02-19 08:00:03", "auto_execute": true}, {"status": "opened"}, {"status": "closed", "timestamp": "1926-02-19 08:00:03"}]}
-- old/OLD.local.json --
{"document_metadata": {"limits": {"max_lines": 250}},
 "sessions": [1, 2]}
-- old/OLD.observations.json --
{"observations": []}
-- old/OLD.id.json --
{}
-- old/DASHBOARD.local.json --
{"last_updated": "2026-02-19"}
-- old/README.md --
-- old/logs/core.log --
-- new/.ai_mail.local/inbox.json --
{"messages": []}
-- new/.trinity/local.json --
{"sessions": [1, 2, 3]}
-- new/.trinity/observations.json --
{}
-- new/.trinity/passport.json --
{}
-- new/DASHBOARD.local.json --
{"last_updated": "2026-02-19T10:00:00.5+02:00"}
-- new/README.md --
-- bad/.ai_mail.local/inbox.json --
{"messages": [
-- bad/.trinity/local.json --
{"sessions": [1, 2, 3]
}
`

func TestUnchangedHostIsRecalledAsItIs(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	want := look(t, root)
	first, saved := lookAgain(t, root, nil)
	wantSame(t, want, first)
	second, again := lookAgain(t, root, saved)
	wantSame(t, want, second)
	if !first.Recollection.Changed() || second.Recollection.Changed() || len(again) != len(saved) {
		t.Errorf("to be saved: %t, %t, want only the first", first.Recollection.Changed(), second.Recollection.Changed())
	}
}

// What is recalled is not read: a note that says something else is believed.
func TestRecalledFileIsNotRead(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	_, saved := lookAgain(t, root, nil)
	tree := recalling(t, root, Options{}, saved)
	dir := filepath.Join(root, "old")
	var forged notes
	for what := noteOfLocal; what <= noteOfInbox; what++ {
		id, value, ok := tree.recollection.of(dir).find(what)
		if !ok {
			t.Fatalf("no note of kind %d", what)
		}
		switch what {
		case noteOfLocal, noteOfObservations:
			value = appendMemory(nil, &Memory{Lines: 4711, LinesKnown: true})
		case noteOfDashboard:
			value = appendDashboard(nil, &Dashboard{Updated: written})
		case noteOfInbox:
			value = appendInbox(nil, &Inbox{Messages: make([]Message, 4711)})
		}
		forged = forged.add(what, id, value)
	}
	tree.recollection.notes[hashOf(dir)] = forged
	b := branch(t, tree.Snapshot(t.Context()), "OLD")
	if b.Local.Value.Lines != 4711 || b.Observations.Value.Lines != 4711 || !b.Dashboard.Value.Updated.Equal(written) || len(b.Inbox.Value.Messages) != 4711 {
		t.Errorf("read again: %+v", b)
	}
}

// Nothing that anybody does to a file is missed, and be it as long as before,
// and its time set back.
func TestChangedFileIsRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"longer": func(path string) error { return os.WriteFile(path, []byte(`{"sessions": [1, 2, 3, 4]}`), 0o600) },
		"of the same length, its time set back": func(path string) error {
			return errors.Join(writeOver(path, "  "), os.Chtimes(path, written, written))
		},
		"replaced by one of the same length and time": func(path string) error {
			text, err := os.ReadFile(path)
			text[0] = '?'
			return errors.Join(err, os.WriteFile(path+"~", text, 0o600), os.Chtimes(path+"~", written, written), os.Rename(path+"~", path))
		},
		"gone":              os.Remove,
		"a directory":       func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		"a link to another": func(path string) error { return errors.Join(os.Remove(path), os.Symlink("README.md", path)) },
		"its directory is gone": func(path string) error {
			return os.Rename(filepath.Dir(path), filepath.Dir(path)+"~")
		},
	} {
		for _, path := range []string{"old/OLD.local.json", "old/ai_mail.local/inbox.json", "old/OLD.id.json", "old/DASHBOARD.local.json", "new/.trinity/observations.json"} {
			t.Run(name+"/"+path, func(t *testing.T) {
				t.Parallel()
				root := lay(t, aHost)
				_, saved := lookAgain(t, root, nil)
				clockGoesOn(t, root)
				must(t, change(filepath.Join(root, path)))
				want := look(t, root)
				got, after := lookAgain(t, root, saved)
				wantSame(t, want, got)
				got, _ = lookAgain(t, root, after)
				wantSame(t, want, got)
			})
		}
	}
}

// writeOver writes over the beginning of a file, which keeps its length.
func writeOver(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// clockGoesOn returns once a file system stamps what is written with a later
// time than before.
func clockGoesOn(t *testing.T, dir string) {
	t.Helper()
	stamp := func() int64 {
		path := filepath.Join(dir, "clock")
		must(t, os.WriteFile(path, []byte("x"), 0o600))
		info, err := os.Stat(path)
		must(t, err)
		must(t, os.Remove(path))
		return info.ModTime().UnixNano()
	}
	first := stamp()
	for now := first; now == first; now = stamp() {
		runtime.Gosched()
	}
}

// A file that may still be being written is read the next time, too.
func TestFreshFileIsNotRecalled(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost) // just now, whatever the times of its files say
	s := open(t, root, Options{}).Recalling(nil, aBuild).Snapshot(t.Context())
	if n := s.Recollection.notes; len(n) != 0 {
		t.Errorf("notes of %d branches", len(n))
	}
}

func TestWhatNobodySavedIsNotRecalled(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	want, saved := lookAgain(t, root, nil)
	spoilt := map[string][]byte{"longer": append(bytes.Clone(saved), 0), "empty": {}, "zeros": make([]byte, len(saved))}
	for at := range saved {
		cut, flipped := saved[:at], bytes.Clone(saved)
		flipped[at] ^= 0x40
		for _, text := range [][]byte{cut, flipped} {
			if n := recalling(t, root, Options{}, text).recollection.notes; len(n) != 0 {
				t.Fatalf("recalls %d branches, spoilt at %d", len(n), at)
			}
		}
	}
	for name, text := range spoilt {
		t.Run(name, func(t *testing.T) {
			got, again := lookAgain(t, root, text)
			wantSame(t, want, got)
			if !got.Recollection.Changed() || len(again) != len(saved) {
				t.Error("is not made anew")
			}
		})
	}
}

// What a time without a zone means depends on the zone.
func TestAnotherZoneRecallsNothing(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	_, saved := lookAgain(t, root, nil)
	for name, loc := range map[string]*time.Location{"another": berlin(t), "the same name": time.FixedZone("UTC", 3600)} {
		if n := recalling(t, root, Options{Location: loc}, saved).recollection.notes; len(n) != 0 {
			t.Errorf("%s: recalls %d branches", name, len(n))
		}
	}
	if n := recalling(t, root, Options{}, saved).recollection.notes; len(n) == 0 {
		t.Error("the same: recalls nothing")
	}
}

// Another build may read the same file otherwise.
func TestAnotherBuildRecallsNothing(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	_, saved := lookAgain(t, root, nil)
	if n := open(t, root, Options{}).Recalling(saved, [32]byte{2}).recollection.notes; len(n) != 0 {
		t.Errorf("recalls %d branches", len(n))
	}
}

// Notes of another host, or of a branch that is gone, are dropped.
func TestAnotherHostRecallsNothing(t *testing.T) {
	t.Parallel()
	root, other := lay(t, aHost), lay(t, twoGenerations)
	want, fresh := lookAgain(t, other, nil)
	_, saved := lookAgain(t, root, nil)
	got, after := lookAgain(t, other, saved)
	wantSame(t, want, got)
	if !got.Recollection.Changed() || len(after) != len(fresh) {
		t.Errorf("%d bytes saved, want %d", len(after), len(fresh))
	}
}

func TestBranchThatIsGoneIsForgotten(t *testing.T) {
	t.Parallel()
	root := lay(t, aHost)
	_, saved := lookAgain(t, root, nil)
	must(t, os.Remove(filepath.Join(root, "BRANCH_REGISTRY.json")))
	got, after := lookAgain(t, root, saved)
	if !got.Recollection.Changed() || len(after) >= len(saved) {
		t.Errorf("%d bytes saved, want less than %d", len(after), len(saved))
	}
}

// Half a look is nothing to recall.
func TestIncompleteLookLeavesNoRecollection(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := recalling(t, lay(t, aHost), Options{}, nil).Snapshot(ctx)
	if s.Incomplete == nil || s.Recollection != nil {
		t.Errorf("incomplete: %v, recollection: %v", s.Incomplete, s.Recollection)
	}
}
