package aipass

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const twoGenerations = `
-- BRANCH_REGISTRY.json --
{"branches": [
  {"name": "DEV_CENTRAL", "path": "aipass_os/dev_central", "profile": "Human Operator", "status": "active"},
  {"name": "Nexus", "path": "/home/aipass/Nexus", "email": "@nexus"}
]}
-- AIPASS_REGISTRY.json --
{"branches": {"prax": {"path": "src/aipass/prax", "email": "@prax", "profile": "library", "status": "active"}}}
-- aipass_os/dev_central/ai_mail.local/inbox.json --
{"messages": [{"status": "new", "timestamp": "2026-02-19 08:00:03"}]}
-- aipass_os/dev_central/DEV_CENTRAL.local.json --
{"sessions": [1, 2]}
-- aipass_os/dev_central/DEV_CENTRAL.observations.json --
{}
-- aipass_os/dev_central/DEV_CENTRAL.id.json --
{}
-- aipass_os/dev_central/DASHBOARD.local.json --
{}
-- aipass_os/dev_central/README.md --
-- aipass_os/dev_central/logs/core.log --
-- Nexus/ai_mail.local/inbox.json --
{"messages": []}
-- Nexus/NEXUS.local.json --
{"sessions": [1]}
-- Nexus/NEXUS.observations.json --
{}
-- src/aipass/prax/.ai_mail.local/inbox.json --
{"inbox": []}
-- src/aipass/prax/.trinity/local.json --
{"sessions": [1, 2, 3]}
-- src/aipass/prax/.trinity/observations.json --
{}
-- src/aipass/prax/.trinity/passport.json --
{}
-- src/aipass/prax/DASHBOARD.local.json --
{}
-- src/aipass/prax/README.md --
-- src/aipass/prax/logs/core.log --
`

func TestBothGenerationsStandInOneRoot(t *testing.T) {
	t.Parallel()
	root := lay(t, twoGenerations)
	s := lookWith(t, root, Options{PathMap: []PathMapping{{From: "/home/aipass", To: root}}})
	if diff := cmp.Diff([]string{"DEV_CENTRAL", "Nexus", "prax"}, names(s)); diff != "" || len(s.Skipped) != 0 {
		t.Fatal(s.Skipped, "-want +got:\n", diff)
	}
	dev, nexus, prax := &s.Branches[0], &s.Branches[1], &s.Branches[2]
	if dev.Layout != Legacy || nexus.Layout != Legacy || prax.Layout != Modern {
		t.Errorf("layouts: got %v, %v, %v", dev.Layout, nexus.Layout, prax.Layout)
	}
	if got := dev.Inbox.Value.Count(NewMail); got != 1 {
		t.Errorf("new mail of DEV_CENTRAL: got %d, want 1", got)
	}
	for b, want := range map[*Branch]int{dev: 2, nexus: 1, prax: 3} {
		if got, _ := b.Local.Value.Entries("sessions"); got != want {
			t.Errorf("sessions of %s: got %d, want %d", b.Name, got, want)
		}
	}
	want := map[string]State{"identity": Missing, "dashboard": Missing, "readme": Missing, "logs": Missing}
	if diff := cmp.Diff(want, states(nexus)); diff != "" {
		t.Error("Nexus: -want +got:\n", diff)
	}
	if len(states(dev))+len(states(prax)) != 0 {
		t.Errorf("got %v and %v, want every file of the others", states(dev), states(prax))
	}
	if want := (Entry{"DEV_CENTRAL", "@dev_central", "Human Operator", "active", "aipass_os/dev_central"}); dev.Entry != want {
		t.Errorf("got %v, want %v", dev.Entry, want)
	}
	if nexus.Dir != filepath.Join(root, "Nexus") || !s.Taken.Equal(written) {
		t.Errorf("got %s at %v", nexus.Dir, s.Taken)
	}
}

func TestHalvesOfABranchAreDecidedFileByFile(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "HALFWAY", "path": "halfway"}]}
-- halfway/.ai_mail.local/inbox.json --
[{"status": "new"}, {"status": "new"}]
-- halfway/HALFWAY.local.json --
{"sessions": [1]}
-- halfway/.trinity/observations.json --
{"observations": [1, 2]}
-- halfway/.trinity/passport.json --
{}
`))
	b := branch(t, s, "HALFWAY")
	if b.Layout != Modern || b.Inbox.Value.Count(NewMail) != 2 || !b.Identity.OK() {
		t.Errorf("got layout %v, %d new, identity %v", b.Layout, b.Inbox.Value.Count(NewMail), b.Identity.State())
	}
	if n := s.linesLimit(b, &b.Local.Value); n != 600 {
		t.Errorf("lines of local, legacy: got %v, want 600", n)
	}
	if n := s.linesLimit(b, &b.Observations.Value); n != 0 {
		t.Errorf("lines of observations, modern: got %v, want no limit", n)
	}
	if n := s.entriesLimit(b, observationsKind, "observations", &b.Observations.Value); n != 25 {
		t.Errorf("entries of observations, modern: got %v, want 25", n)
	}
	if n := s.entriesLimit(b, localKind, "sessions", &b.Local.Value); n != 0 {
		t.Errorf("entries of local, legacy: got %v, want no limit", n)
	}
}

func TestBranchWithoutAnInboxIsOfTheGenerationOfItsMemory(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "MOVED", "path": "moved"}, {"name": "BARE", "path": "bare"}]}
-- moved/.trinity/local.json --
{}
-- moved/.ai_mail.local/.dispatch.lock --
{}
-- bare/README.md --
`))
	if b := branch(t, s, "MOVED"); b.Layout != Modern || !b.Agent.OK() {
		t.Errorf("MOVED: got %v, agent %v, want modern and its lock", b.Layout, b.Agent.State())
	}
	if b := branch(t, s, "BARE"); b.Layout != Legacy {
		t.Errorf("BARE: got %v, want what its registry is", b.Layout)
	}
}

// If a branch has a file in both places, the registry that lists it decides;
// a file that is there counts before one that is not.
func TestRegistrysOwnGenerationComesFirst(t *testing.T) {
	t.Parallel()
	const files = `
-- drone/ai_mail.local/inbox.json --
[{"status": "new"}]
-- drone/.ai_mail.local/inbox.json --
[{"status": "new"}, {"status": "new"}]
-- drone/DRONE.local.json --
{"sessions": [1]}
-- drone/.trinity/local.json --
{"sessions": [1, 2]}
-- drone/.trinity/observations.json --
{"observations": [1, 2]}
`
	for registry, want := range map[string]int{"BRANCH_REGISTRY.json": 1, "AIPASS_REGISTRY.json": 2} {
		s := look(t, lay(t, "-- "+registry+" --\n{\"branches\": [{\"name\": \"DRONE\", \"path\": \"drone\"}]}\n"+files))
		b := branch(t, s, "DRONE")
		sessions, _ := b.Local.Value.Entries("sessions")
		observations, _ := b.Observations.Value.Entries("observations")
		if b.Inbox.Value.Count(NewMail) != want || sessions != want || observations != 2 || int(b.Layout) != want-1 {
			t.Errorf("%s: got %d new, %d sessions, %d observations, %v", registry, b.Inbox.Value.Count(NewMail), sessions, observations, b.Layout)
		}
	}
}

func TestBrokenInboxIsNotPassedOverForTheOtherGenerations(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/.ai_mail.local/inbox.json --
{"messages":
-- drone/ai_mail.local/inbox.json --
[]
`))
	if b := branch(t, s, "DRONE"); b.Inbox.State() != Malformed || b.Layout != Modern {
		t.Errorf("got %v, %v, want it malformed", b.Inbox.State(), b.Layout)
	}
}

func TestOptionsLeftOutAreTheMachines(t *testing.T) {
	t.Parallel()
	tree, err := Open(t.TempDir(), Options{})
	must(t, err)
	if o := tree.options; o.Location != time.Local || o.Now == nil || o.Alive == nil {
		t.Errorf("got %+v", o)
	}
	before := time.Now()
	if taken := tree.Snapshot(t.Context()).Taken; taken.Before(before) || taken.After(time.Now()) {
		t.Errorf("taken at %v", taken)
	}
}

func TestMailIsInTheZoneOfTheHost(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/.ai_mail.local/inbox.json --
[{"timestamp": "2026-07-19 08:00:03"}]
-- drone/.ai_mail.local/.dispatch.lock --
{"timestamp": "2026-07-19T08:00:03"}
-- drone/DASHBOARD.local.json --
{"last_updated": "2026-07-19T08:00:03"}
`)
	for _, name := range []string{"Europe/Berlin", "America/New_York", "UTC"} {
		want := time.Date(2026, 7, 19, 8, 0, 3, 0, zone(t, name))
		b := branch(t, lookWith(t, root, Options{Location: zone(t, name)}), "DRONE")
		if sent, ok := b.Inbox.Value.Oldest(NewMail); !ok || !sent.Equal(want) {
			t.Errorf("%s, mail: got %v, want %v", name, sent, want)
		}
		if got := b.Agent.Value.Started; !got.Equal(want) {
			t.Errorf("%s, agent: got %v, want %v", name, got, want)
		}
		if got := UpdatedAt(&b.Dashboard); !got.Equal(want) {
			t.Errorf("%s, dashboard: got %v, want %v", name, got, want)
		}
	}
}

func TestLookAtTheMailSeesTheSameMailAndNothingElse(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "FLOW", "path": "flow", "email": "@flow"}]}
-- flow/.ai_mail.local/inbox.json --
{"messages": [{"status": "new", "timestamp": "2026-02-19 08:00:00"}]}
-- flow/.trinity/local.json --
{}
-- flow/README.md --
Plans.
-- system_logs/flow_x.log --
a line
`)
	whole := branch(t, look(t, root), "FLOW")
	s := lookWith(t, root, Options{MailOnly: true})
	mail := branch(t, s, "FLOW")
	if !slices.Equal(mail.Inbox.Value.Messages, whole.Inbox.Value.Messages) || mail.Layout != whole.Layout || !mail.Directory.OK() {
		t.Errorf("got %+v, want the mail of %+v", mail, whole)
	}
	for name, h := range map[string]Head{"local": mail.Local.Head, "readme": mail.Readme, "logs": mail.Logs.Head, "system logs": s.SystemLogs} {
		if !errors.Is(h.Err, errNotAsked) {
			t.Errorf("%s: %v, want nobody to have looked at it", name, h.Err)
		}
	}
}
