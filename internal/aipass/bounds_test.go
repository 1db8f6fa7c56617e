package aipass

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// What an agent can write into its own files, or into a registry, makes a look
// take neither memory nor time without end, and costs no other branch a thing.

func TestMailboxOfMoreMessagesThanAnybodyCouldReadIsRefused(t *testing.T) {
	t.Parallel()
	flood := `{"messages": [{}` + strings.Repeat(",{}", maxMessages) + `]}`
	if _, err := parsed(flood, inUTC); !errors.Is(err, jsonfile.ErrTooLarge) {
		t.Errorf("got %v, want %v", err, jsonfile.ErrTooLarge)
	}
	if in, err := parsed(strings.Replace(flood, ",{}", "", 1), inUTC); err != nil || len(in.Messages) != maxMessages {
		t.Errorf("got %d messages, %v, want %d", len(in.Messages), err, maxMessages)
	}
}

func TestRegistryOfMoreBranchesThanAHostHoldsIsMalformed(t *testing.T) {
	t.Parallel()
	text := `{"branches": [7` + strings.Repeat(",7", maxEntries) + `]}`
	if _, err := parsed(text, parseRegistry); !errors.Is(err, jsonfile.ErrMalformed) {
		t.Errorf("got %v, want it malformed", err)
	}
}

func TestSparseFilesCostNobodyElseTheirTime(t *testing.T) {
	t.Parallel()
	var entries []string
	root := t.TempDir()
	for i := range 20 {
		name := fmt.Sprintf("HUGE%d", i)
		entries = append(entries, fmt.Sprintf(`{"name": %q, "path": %q}`, name, name))
		file := filepath.Join(root, name, name+".local.json")
		put(t, file, "{")
		if err := os.Truncate(file, 1<<40); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(root, "BRANCH_REGISTRY.json"), `{"branches": [`+strings.Join(entries, ",")+`]}`)
	s := look(t, root)
	for i := range s.Branches {
		if b := &s.Branches[i]; b.Local.State() != Unreadable || !errors.Is(b.Local.Err, jsonfile.ErrTooLarge) || b.Local.Value.LinesKnown {
			t.Errorf("%s: got %v (%v), want it too large", b.Name, b.Local.State(), b.Local.Err)
		}
	}
}

func TestSkippedEntriesWithoutNumberAreToldInAFewLines(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [7`+strings.Repeat(",7", 999)+`]}
`))
	faults := s.Faults()
	if len(s.Skipped) != 1000 || len(faults) != 6 || !strings.Contains(faults[5].Err.Error(), "995 more") {
		t.Errorf("%d skipped, told in %d faults, the last: %v", len(s.Skipped), len(faults), faults[len(faults)-1].Err)
	}
}

// While a file system hangs, every look leaves its goroutines behind in it.
func TestLooksThatHangAreNotPiledUpForEver(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "HANGS", "path": "hangs"}]}
-- hangs/ai_mail.local/inbox.json --
[]
-- hangs/ai_mail.local/.dispatch.lock --
{"pid": 666}
`)
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		tree := open(t, root, Options{Alive: func(int) bool { <-release; return false }})
		var last error
		for range 2 * maxLeftBehind {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			last = tree.Snapshot(ctx).Incomplete
			cancel()
		}
		if got := tree.alive.Load(); got > maxLeftBehind+2 {
			t.Errorf("%d goroutines hang, want no more than %d", got, maxLeftBehind)
		}
		if !errors.Is(last, errStillHanging) {
			t.Errorf("the last look says %v, want %v", last, errStillHanging)
		}
		close(release)
		synctest.Wait()
		if s := tree.Snapshot(t.Context()); s.Incomplete != nil || len(s.Branches) != 1 {
			t.Errorf("after it: %v, %d branches", s.Incomplete, len(s.Branches))
		}
	})
}

func inUTC(d *jsonfile.Decoder) (Inbox, error) { return parseInbox(d, time.UTC) }
