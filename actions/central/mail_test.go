package central

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

const registry = `
-- AIPASS_REGISTRY.json --
{"branches": [
  {"name": "DRONE", "path": "src/drone"},
  {"name": "flow", "path": "src/Flow"},
  {"name": "COMMONS", "path": "src/The_Commons"},
  {"name": "OLD", "path": "src/old"},
  {"name": "BROKEN", "path": "src/broken"},
  {"name": "NONE", "path": "src/none"}
]}
-- src/drone/.ai_mail.local/inbox.json --
{"messages": [{"status": "new"}, {"read": false}, {"status": "opened"}], "unread_count": 99}
-- src/Flow/.ai_mail.local/inbox.json --
{"messages": []}
-- src/The_Commons/.ai_mail.local/inbox.json --
{"messages": [{"status": "new"}]}
-- src/old/ai_mail.local/inbox.json --
{"messages": [{"status": "new"}, {"status": "closed"}]}
-- src/broken/.ai_mail.local/inbox.json --
{"messages": [
-- src/none/README.md --
No mail here.
`

const (
	modernDir = `
-- .ai_central/PLANS.central.json --
{}
`
	legacyDir = `
-- aipass_os/AI_CENTRAL/AI_MAIL.central.json --
{"stale": true}
`
)

// AIPass names a branch by its directory, and counts it if one of that name is
// registered.
func TestEveryGenerationCountsItsOwnMail(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, registry+modernDir+legacyDir)
	must(t, UpdateMail(t.Context(), tree, look, nil, now))
	want := `{
  "service": "ai_mail",
  "last_updated": "2026-02-19",
  "branch_stats": {
    "DRONE": {
      "unread": 2,
      "total": 3
    },
    "FLOW": {
      "unread": 0,
      "total": 0
    }
  },
  "system_totals": {
    "total_unread": 2,
    "total_messages": 3
  }
}`
	if diff := cmp.Diff(want, file(t, tree, aipass.Modern, aipass.MailCentral)); diff != "" {
		t.Errorf("modern: -want +got:\n%s", diff)
	}
	want = `{
  "service": "ai_mail",
  "last_updated": "2026-02-19",
  "branch_stats": {
    "OLD": {
      "unread": 1,
      "total": 2
    }
  },
  "system_totals": {
    "total_unread": 1,
    "total_messages": 2
  }
}`
	if diff := cmp.Diff(want, file(t, tree, aipass.Legacy, aipass.MailCentral)); diff != "" {
		t.Errorf("legacy: -want +got:\n%s", diff)
	}
}

func TestWhatHasChangedSinceTheLookCounts(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "src/drone"}, {"name": "HALF", "path": "src/half"}, {"name": "COMMONS", "path": "src/The_Commons"}]}
-- src/drone/.ai_mail.local/inbox.json --
{"messages": [{"status": "new"}, {"status": "new"}]}
-- src/half/.ai_mail.local/inbox.json --
{"messages": [{"status": "new", "subject": "\ud83d"}]}
-- src/The_Commons/.ai_mail.local/inbox.json --
{"messages": []}
`+modernDir)
	changed := map[string]mailbox.Count{"DRONE": {Unread: 1, Total: 7}, "HALF": {Unread: 2, Total: 2}, "COMMONS": {Unread: 5, Total: 5}}
	must(t, UpdateMail(t.Context(), tree, look, changed, now))
	want := `{
  "service": "ai_mail",
  "last_updated": "2026-02-19",
  "branch_stats": {
    "DRONE": {
      "unread": 1,
      "total": 7
    },
    "HALF": {
      "unread": 2,
      "total": 2
    }
  },
  "system_totals": {
    "total_unread": 3,
    "total_messages": 9
  }
}`
	if diff := cmp.Diff(want, file(t, tree, aipass.Modern, aipass.MailCentral)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWithoutItsDirectoryThereIsNoCentralFile(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, registry)
	must(t, UpdateMail(t.Context(), tree, look, nil, now))
	for _, l := range []aipass.Layout{aipass.Legacy, aipass.Modern} {
		if _, err := os.Stat(filepath.Join(tree.Root(), aipass.CentralDir(l))); !os.IsNotExist(err) {
			t.Errorf("%s: %v, want nothing there", l, err)
		}
	}
}

func TestAGenerationWithoutMailKeepsItsCentralFile(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": []}
`+legacyDir)
	must(t, UpdateMail(t.Context(), tree, look, nil, now))
	if got := file(t, tree, aipass.Legacy, aipass.MailCentral); got != "{\"stale\": true}\n" {
		t.Errorf("it became %s", got)
	}
}

// One that cannot be written costs the other nothing.
func TestCentralFilesFailOnTheirOwn(t *testing.T) {
	t.Parallel()
	tree, look := lay(t, registry+modernDir+`
-- aipass_os/AI_CENTRAL --
no directory
`)
	if err := UpdateMail(t.Context(), tree, look, nil, now.Add(24*time.Hour)); err == nil {
		t.Error("nothing is said of the legacy one")
	}
	if file(t, tree, aipass.Modern, aipass.MailCentral) == "" {
		t.Error("the modern one is not written")
	}
}
