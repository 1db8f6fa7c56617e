package cleanup

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// zone is where the hosts of all tests stand: not in UTC, for that would hide
// which times are local.
var zone = time.FixedZone("home", -5*60*60)

// noon is when every test begins.
var noon = time.Date(2026, time.February, 19, 12, 0, 0, 0, zone)

const (
	hour = time.Hour
	day  = 24 * hour
)

// rules are those of a run that nobody tells otherwise.
var rules = Rules{StaleNew: 48 * hour, CloseOpened: 7 * day, MinOpen: 24 * hour}

// A host is one of the modern generation, for legacy mailboxes take a moment
// each, with the clock on its wall and a journal elsewhere.
type host struct {
	t       testing.TB
	root    string
	journal Journal
	now     time.Time
	cleanup Cleanup // but for Now and Journal
}

// newHost has branches with empty inboxes.
func newHost(t testing.TB, branches ...string) *host {
	t.Helper()
	h := &host{t: t, root: t.TempDir(), journal: Journal{filepath.Join(t.TempDir(), "journal")}, now: noon}
	h.cleanup = Cleanup{Rules: rules, Sender: "@trigger"}
	h.cleanup.Mailbox = mailbox.Options{Location: zone, Now: func() time.Time { return h.now }}
	h.register(branches...)
	for _, b := range branches {
		h.put(b, inbox())
	}
	return h
}

// register says which branches there are from now on.
func (h *host) register(branches ...string) {
	h.t.Helper()
	entries := []map[string]string{}
	for _, b := range branches {
		entries = append(entries, map[string]string{"name": b, "path": strings.ToLower(b), "email": "@" + strings.ToLower(b)})
	}
	write(h.t, filepath.Join(h.root, "AIPASS_REGISTRY.json"), encoded(h.t, map[string]any{"branches": entries}))
}

func (h *host) box(branch string) string {
	return filepath.Join(h.root, strings.ToLower(branch), ".ai_mail.local")
}

func (h *host) file(branch string) string { return filepath.Join(h.box(branch), aipass.InboxFile) }

// put gives a branch an inbox that was written long ago, so that a broken one
// is broken and not half written.
func (h *host) put(branch, inbox string) {
	h.t.Helper()
	write(h.t, h.file(branch), inbox)
	must(h.t, os.Chtimes(h.file(branch), noon, noon))
}

// with is a host of one branch, DRONE, with this mail.
func with(t testing.TB, mails ...mail) *host {
	t.Helper()
	h := newHost(t, "DRONE")
	h.put("DRONE", inbox(mails...))
	return h
}

func (h *host) look() []*aipass.Branch {
	h.t.Helper()
	tree, err := aipass.Open(h.root, aipass.Options{
		Location: zone, Now: func() time.Time { return h.now }, Alive: func(int) bool { return false },
	})
	must(h.t, err)
	s := tree.Snapshot(h.t.Context())
	var branches []*aipass.Branch
	for i := range s.Branches {
		branches = append(branches, &s.Branches[i])
	}
	return branches
}

// run cleans up and returns the id for undo.
func (h *host) run() (id string, results []Result) {
	h.t.Helper()
	return h.runOver(h.look())
}

func (h *host) runOver(branches []*aipass.Branch) (id string, results []Result) {
	h.t.Helper()
	c := h.cleanup
	c.Now, c.Journal = h.now, h.journal.Begin(h.now, h.root)
	results = c.Run(context.WithoutCancel(h.t.Context()), branches)
	must(h.t, c.Journal.Close())
	return c.Journal.ID, results
}

// clean is a run over one branch that must succeed.
func (h *host) clean() (id string, result Result) {
	h.t.Helper()
	id, results := h.run()
	if len(results) != 1 || results[0].Err != nil {
		h.t.Fatalf("got %+v, want one branch without a fault", results)
	}
	return id, results[0]
}

func (h *host) dryRun() []Result {
	h.t.Helper()
	c := h.cleanup
	c.Now = h.now
	return c.Run(h.t.Context(), h.look())
}

// undo puts back a run, or one message of it.
func (h *host) undo(id, message string) ([]Undone, error) {
	h.t.Helper()
	history, err := h.journal.Read(id)
	must(h.t, err)
	return Undo{Journal: h.journal, Run: history, Message: message, Now: h.now, Mailbox: h.cleanup.Mailbox}.Carry(h.t.Context(), h.look())
}

// putBack is an undo of one branch that must succeed.
func (h *host) putBack(id, message string) Undone {
	h.t.Helper()
	undone, err := h.undo(id, message)
	must(h.t, err)
	if len(undone) != 1 || undone[0].Err != nil {
		h.t.Fatalf("got %+v, want one branch without a fault", undone)
	}
	return undone[0]
}

func encoded(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	must(t, err)
	return string(data)
}

func write(t testing.TB, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
}

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return string(data)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newLegacyHost has a branch of the legacy generation, DRONE.
func newLegacyHost(t testing.TB, inbox string) *host {
	t.Helper()
	h := newHost(t)
	must(t, os.Remove(filepath.Join(h.root, "AIPASS_REGISTRY.json")))
	write(t, filepath.Join(h.root, "BRANCH_REGISTRY.json"),
		encoded(t, map[string]any{"branches": []mail{{"name": "DRONE", "path": filepath.Join(h.root, "drone"), "email": "@drone"}}}))
	write(t, filepath.Join(h.root, "drone", "ai_mail.local", aipass.InboxFile), inbox)
	return h
}
