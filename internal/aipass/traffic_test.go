package aipass

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const trafficHost = `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}, {"name": "IDLE", "path": "idle"}]}
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "FLOW", "path": "flow"}]}
-- drone/ai_mail.local/inbox.json --
{"messages": [
  {"status": "new", "timestamp": "2026-02-20 11:59:59"},
  {"status": "opened", "timestamp": "2026-02-19 12:00:00"},
  {"status": "opened", "timestamp": "2026-02-19 11:59:59"},
  {"status": "new", "timestamp": "2026-02-20 12:00:00"},
  {"status": "new", "timestamp": "lately"}
]}
-- drone/ai_mail.local/deleted/20260220_110000_x.json --
{"timestamp": "2026-02-20 10:00:00", "status": "closed"}
-- drone/ai_mail.local/deleted/20260220_110001_old mail closed late.json --
{"timestamp": "2026-02-01 10:00:00", "status": "closed"}
-- drone/ai_mail.local/deleted/notes.txt --
{"timestamp": "2026-02-20 10:00:00"}
-- drone/ai_mail.local/deleted/broken.json --
{"timestamp": "2026-02-20 10:00:00"
-- drone/ai_mail.local/.archive/deleted/20260220_090000_y.json --
{"timestamp": "2026-02-20 08:00:00", "status": "closed"}
-- drone/ai_mail.local/sent/20260220_080000_z.json --
{"timestamp": "2026-02-20 08:00:00", "status": "sent"}
-- drone/ai_mail.local/sent/0d00beef.json --
{"timestamp": "2026-02-19 20:00:00", "in_reply_to": "0d000001"}
-- drone/ai_mail.local/sent/20260218_080000_z.json --
{"timestamp": "2026-02-18 08:00:00", "status": "sent"}
-- flow/.ai_mail.local/inbox.json --
{"messages": []}
-- flow/.ai_mail.local/sent --
no directory
-- idle/README.md --
No mailbox.
`

func TestMailOfADayIsCountedWhereverItIsNow(t *testing.T) {
	t.Parallel()
	tree := open(t, lay(t, trafficHost), Options{})
	s := tree.Snapshot(t.Context())
	got := map[string]Traffic{}
	for i, n := range tree.Traffic(t.Context(), s, written.Add(-24*time.Hour), written) {
		got[s.Branches[i].Name] = n
	}
	want := map[string]Traffic{"DRONE": {Received: 4, Sent: 2}, "FLOW": {}, "IDLE": {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// An archive grows for years, and a look at a day of it must not.
func TestLettersThatWereWrittenEarlierAreNotOpened(t *testing.T) {
	t.Parallel()
	root := lay(t, trafficHost)
	closed := filepath.Join(root, "drone/ai_mail.local/deleted/20260220_110000_x.json")
	must(t, os.Chtimes(closed, written, written.Add(-25*time.Hour)))
	tree := open(t, root, Options{})
	s := tree.Snapshot(t.Context())
	if got := tree.Traffic(t.Context(), s, written.Add(-24*time.Hour), written)[0]; got.Received != 3 {
		t.Errorf("received %d, want 3: the file's time says that it is older", got.Received)
	}
}

func TestTrafficThatThereWasNoTimeToCountIsSaidToBeSo(t *testing.T) {
	t.Parallel()
	tree := open(t, lay(t, trafficHost), Options{})
	s := tree.Snapshot(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	counts := tree.Traffic(ctx, s, written.Add(-24*time.Hour), written)
	if len(counts) != len(s.Branches) {
		t.Fatalf("%d counts of %d branches", len(counts), len(s.Branches))
	}
	for _, n := range counts {
		if n.Err == nil {
			t.Errorf("got %+v without an error", n)
		}
	}
}

func TestMailOfABrokenInboxMayBeMore(t *testing.T) {
	t.Parallel()
	root := lay(t, trafficHost)
	put(t, filepath.Join(root, "drone/ai_mail.local/inbox.json"), "not JSON")
	tree := open(t, root, Options{})
	s := tree.Snapshot(t.Context())
	if got := tree.Traffic(t.Context(), s, written.Add(-24*time.Hour), written)[0]; got.Err == nil || got.Received != 2 || got.Sent != 2 {
		t.Errorf("got %+v, want what there is and an error", got)
	}
}
