package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// now is when every test takes place.
var now = time.Date(2026, time.February, 19, 8, 0, 3, 0, time.UTC)

const (
	small          = 1 << 10 // a size at which files fill up soon
	linesOfAWriter = 50
)

func newLedger(t *testing.T, size int64) *Ledger {
	t.Helper()
	return &Ledger{Path: filepath.Join(t.TempDir(), "state", File), MaxSize: size}
}

func numbered(n int) Entry { return Entry{Time: now, Branch: "DRONE", Message: strconv.Itoa(n)} }

// messages are those of all entries, oldest first.
func messages(t *testing.T, l *Ledger) (list []string) {
	t.Helper()
	must(t, l.Read(time.Time{}, func(e Entry) { list = append(list, e.Message) }))
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatBecameOfAnAlertIsALine(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	told := alerts.Told{
		Branch: "ASSISTANT", Message: "3fa9c01e", Fingerprint: "353fd3aaa08161f3", Name: "AIPassMailboxMissing",
		About: "DRONE", Severity: "error", Status: "firing", Outcome: alerts.Failed, Err: errors.New("disk <full>"),
	}
	must(t, l.Append(Of(told, "assistant", now)))
	data, err := os.ReadFile(l.Path)
	must(t, err)
	want := `{"time":"2026-02-19T08:00:03Z","branch":"ASSISTANT","outcome":"failed","to":"assistant","message":"3fa9c01e",` +
		`"alert":"AIPassMailboxMissing","about":"DRONE","severity":"error","status":"firing","fingerprint":"353fd3aaa08161f3","error":"disk <full>"}` + "\n"
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	info, err := os.Stat(l.Path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want it to be its owner's", info.Mode())
	}
}

func TestEntriesComeBackOldestFirstSinceATime(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	for n := range 4 {
		must(t, l.Append(Entry{Time: now.Add(time.Duration(n) * time.Hour), Message: strconv.Itoa(n)}))
	}
	var got []string
	must(t, l.Read(now.Add(2*time.Hour), func(e Entry) { got = append(got, e.Message) }))
	if diff := cmp.Diff([]string{"2", "3"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWithoutALedgerThereIsNoHistory(t *testing.T) {
	t.Parallel()
	if got := messages(t, newLedger(t, small)); got != nil {
		t.Errorf("got %v", got)
	}
}

// What is kept is the newest, in files that are no larger than asked for.
func TestAFullFileIsMovedAside(t *testing.T) {
	t.Parallel()
	l := newLedger(t, small)
	for n := range 100 {
		must(t, l.Append(numbered(n)))
	}
	for n := range 1 + rotations {
		info, err := os.Stat(l.rotated(n))
		must(t, err)
		if info.Size() > small {
			t.Errorf("%s: %d bytes", l.rotated(n), info.Size())
		}
	}
	if _, err := os.Stat(l.rotated(rotations + 1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one file too many is kept: %v", err)
	}
	got := messages(t, l)
	if len(got) < 30 || got[len(got)-1] != "99" {
		t.Fatalf("got %v", got)
	}
	for i, m := range got {
		if want := strconv.Itoa(100 - len(got) + i); m != want {
			t.Fatalf("entry %d is %s, want %s", i, m, want)
		}
	}
}

// One that is larger than a file may be is written whole all the same.
func TestALineIsNeverCutByASize(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1)
	for n := range 1 + rotations {
		must(t, l.Append(numbered(n)))
	}
	if diff := cmp.Diff([]string{"0", "1", "2", "3"}, messages(t, l)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestALineThatACrashHasTornIsLeftOutAndSpoilsNoOther(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	must(t, l.Append(numbered(0)))
	data, err := os.ReadFile(l.Path)
	must(t, err)
	must(t, os.WriteFile(l.Path, append(data, data[:len(data)/2]...), 0o600))
	var got []string
	read := func() error {
		got = nil
		return l.Read(time.Time{}, func(e Entry) { got = append(got, e.Message) })
	}
	if err := read(); err == nil || !strings.Contains(err.Error(), "line 2") || !cmp.Equal(got, []string{"0"}) {
		t.Errorf("got %v, %v", got, err)
	}
	must(t, l.Append(numbered(1)))
	if err := read(); err == nil || !strings.Contains(err.Error(), l.Path+": 1 lines") || !cmp.Equal(got, []string{"0", "1"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestLinesThatAreNoneAreLeftOut(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	must(t, os.MkdirAll(filepath.Dir(l.Path), 0o700))
	lines := []string{"", "[]", "null", `{"time":"yesterday"}`, `{"branch":"DRONE"}`, strings.Repeat("x", 3*maxLine), "\x00\xff"}
	must(t, os.WriteFile(l.Path, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	must(t, l.Append(numbered(7)))
	var got []string
	err := l.Read(time.Time{}, func(e Entry) { got = append(got, e.Message) })
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%d lines", len(lines))) || !cmp.Equal(got, []string{"7"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestLongTextsAreCutAtACharacter(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	must(t, l.Append(Entry{Time: now, Subject: strings.Repeat("é", 1000) + "x", Error: "x" + strings.Repeat("é", 1000)}))
	var got Entry
	must(t, l.Read(time.Time{}, func(e Entry) { got = e }))
	if want := strings.Repeat("é", maxText/2); got.Subject != want || got.Error != "x"+want[:len(want)-2] {
		t.Errorf("got %d and %d bytes", len(got.Subject), len(got.Error))
	}
}

// A link is not followed: what it leads to is somebody else's.
func TestALinkIsNotWrittenThrough(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	must(t, os.MkdirAll(filepath.Dir(l.Path), 0o700))
	other := filepath.Join(t.TempDir(), "other")
	must(t, os.WriteFile(other, nil, 0o600))
	must(t, os.Symlink(other, l.Path))
	if err := l.Append(numbered(1)); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(other); err != nil || len(data) > 0 {
		t.Errorf("it got %q, %v", data, err)
	}
}
