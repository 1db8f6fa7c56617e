package central

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

func TestRecentMessagesOfLogsAreAddedUp(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	s := source(look)
	s.Recent = map[string]Recent{"DRONE": {Errors: 2, Warnings: 3}, "": {Warnings: 4}}
	m := s.Metrics()
	for where, got := range map[string]LogMetrics{"all": m.Logs, "DRONE": m.Branches["DRONE"].Logs, "FLOW": m.Branches["FLOW"].Logs} {
		want := map[string]Recent{"all": {2, 7}, "DRONE": {2, 3}, "FLOW": {0, 0}}[where]
		if diff := cmp.Diff(want, Recent{*got.Errors, *got.Warnings}); diff != "" {
			t.Errorf("%s: -want +got:\n%s", where, diff)
		}
	}
}

// Nobody has counted: that is no zero.
func TestWhatIsNotKnownIsNull(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	m := written[map[string]any](t, source(look).Metrics())
	logs := m["logs"].(map[string]any)
	if n, there := logs["recent_errors"]; n != nil || !there {
		t.Errorf("logs: %v", logs)
	}
	flow := m["branches"].(map[string]any)["FLOW"].(map[string]any)
	if diff := cmp.Diff(map[string]any{"state": "malformed", "unread": nil, "total": nil}, flow["mail"]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMailIsCountedAsItIsAfterTheRun(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	s := source(look)
	if diff := cmp.Diff(MailMetrics{Unread: 1, Total: 2, Unreadable: 1}, s.Metrics().Mail); diff != "" {
		t.Errorf("as it was seen: -want +got:\n%s", diff)
	}
	s.Mail = map[string]mailbox.Count{"DRONE": {Unread: 5, Total: 9}, "FLOW": {Unread: 1, Total: 1}}
	if diff := cmp.Diff(MailMetrics{Unread: 6, Total: 10}, s.Metrics().Mail); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTimesAreTheHostsOwn(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	s := source(look)
	s.Zone = time.FixedZone("", 5400)
	if got := s.Metrics().Timestamp; got != "2026-02-19T09:30:00" {
		t.Errorf("got %s", got)
	}
	if got := s.Health().Timestamp; got != "2026-02-19T09:30:01" {
		t.Errorf("got %s", got)
	}
}
