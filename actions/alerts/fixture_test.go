package alerts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// home is the zone of every host here: not UTC, for that would hide which times
// are local.
var home = time.FixedZone("home", -5*60*60)

// noon is when every test begins.
var noon = time.Date(2026, time.February, 19, 12, 0, 0, 0, home)

// A host is one of the modern generation with empty mailboxes, for legacy ones
// take a moment each.
type host struct {
	t     testing.TB
	root  string
	local string // what mailboxes are called in their branches
	now   time.Time
	desk  Desk
}

const registry = `
-- AIPASS_REGISTRY.json --
{"branches": [
  {"name": "DRONE", "path": "drone", "email": "@drone"},
  {"name": "FLOW", "path": "flow", "email": "@flow"},
  {"name": "DAEMON", "path": "daemon", "email": "@daemon"},
  {"name": "DEVPULSE", "path": "devpulse", "email": "@devpulse"},
  {"name": "TRIGGER", "path": "trigger", "email": "@trigger"}
]}
`

func newHost(t testing.TB) *host {
	t.Helper()
	return newHostOf(t, registry, "drone", "flow", "daemon", "devpulse", "trigger")
}

func newHostOf(t testing.TB, archive string, mailboxes ...string) *host {
	t.Helper()
	h := &host{t: t, root: t.TempDir(), local: ".ai_mail.local", now: noon}
	must(t, txtar.Write(txtar.Parse([]byte(archive)), h.root))
	for _, dir := range mailboxes {
		h.put(dir, `{"mailbox": "inbox", "total_messages": 0, "unread_count": 0, "messages": []}`)
	}
	tree, err := aipass.Open(h.root, aipass.Options{Location: home})
	must(t, err)
	clock := func() time.Time { return h.now }
	h.desk = Desk{
		Tree: tree, Mailbox: mailbox.Options{Location: home, Now: clock}, Now: clock,
		Roles: recipients.Roles{
			recipients.Assistant:  {"@assistant", "@daemon"},
			recipients.DevCentral: {"@dev_central", "@devpulse"},
		},
		Remind: 24 * time.Hour, MaxMails: 12,
	}
	return h
}

// newLegacyHost is one of the legacy generation: DRONE, and who catches all.
func newLegacyHost(t testing.TB) *host {
	t.Helper()
	h := newHostOf(t, `
-- BRANCH_REGISTRY.json --
{"branches": [
  {"name": "DRONE", "path": "drone", "email": "@drone"},
  {"name": "DEV_CENTRAL", "path": "dev_central", "email": "@dev_central"}
]}
`)
	h.local = "ai_mail.local"
	h.put("drone", `{"messages": []}`)
	h.put("dev_central", `{"messages": []}`)
	return h
}

func (h *host) box(dir string) string { return filepath.Join(h.root, dir, h.local) }

func (h *host) put(dir, inbox string) {
	h.t.Helper()
	must(h.t, os.MkdirAll(h.box(dir), 0o755))
	must(h.t, os.WriteFile(filepath.Join(h.box(dir), aipass.InboxFile), []byte(inbox), 0o644))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// after lets time pass.
func (h *host) after(d time.Duration) *host {
	h.now = h.now.Add(d)
	return h
}

// An event is one alert of DRONE in a notification.
type event struct {
	name         string
	status       string
	starts, ends time.Duration // after noon
}

func fires(name string, starts time.Duration) event { return event{name, firing, starts, 0} }

func ends(name string, starts, ends time.Duration) event { return event{name, resolved, starts, ends} }

func (e event) alert() Alert {
	a := Alert{
		Status: e.status, StartsAt: noon.Add(e.starts),
		Labels:      map[string]string{"alertname": e.name, "branch": "DRONE", "severity": "warning", "priority": "normal"},
		Annotations: map[string]string{"summary": "Something is wrong.", "description": "It is " + e.name + "."},
	}
	if e.status == resolved {
		a.EndsAt = noon.Add(e.ends)
	}
	return a
}

func notification(events ...event) Notification {
	n := Notification{Version: "4", Receiver: "branch", GroupKey: `{}:{branch="DRONE"}`}
	for _, e := range events {
		n.Alerts = append(n.Alerts, e.alert())
	}
	return n
}

// accept hands a notification in, which must get where it should.
func (h *host) accept(n Notification, to string) (outcomes []Outcome) {
	h.t.Helper()
	must(h.t, n.Check())
	told, err := h.desk.Accept(h.t.Context(), n, to)
	must(h.t, err)
	for _, x := range told {
		outcomes = append(outcomes, x.Outcome)
	}
	return outcomes
}

// says hands in a notification about DRONE and checks what became of each alert.
func (h *host) says(want string, events ...event) {
	h.t.Helper()
	var got []string
	for _, o := range h.accept(notification(events...), ToBranch) {
		got = append(got, string(o))
	}
	if list := strings.Join(got, " "); list != want {
		h.t.Errorf("at noon + %v: %s, want %s", h.now.Sub(noon), list, want)
	}
}

// A mail is a message as an agent sees it.
type mail struct {
	ID, Subject, Message, Status, From, Priority, Timestamp string
	AutoExecute                                             bool            `json:"auto_execute"`
	Read                                                    *bool           // what is new may go without
	Marker                                                  json.RawMessage `json:"aipass_actions"`
	ArchivedAt                                              string          `json:"archived_at"`
}

func (m mail) note(t testing.TB) (n note) {
	t.Helper()
	must(t, json.Unmarshal(m.Marker, &n))
	return n
}

func (h *host) inbox(dir string) []mail {
	h.t.Helper()
	data, err := os.ReadFile(filepath.Join(h.box(dir), aipass.InboxFile))
	must(h.t, err)
	var box struct{ Messages []mail }
	must(h.t, json.Unmarshal(data, &box))
	return box.Messages
}

func (h *host) closedMail(dir string) (list []mail) {
	h.t.Helper()
	names, err := filepath.Glob(filepath.Join(h.box(dir), aipass.ClosedMailDir, "*.json"))
	must(h.t, err)
	for _, name := range names {
		data, err := os.ReadFile(name)
		must(h.t, err)
		var m mail
		must(h.t, json.Unmarshal(data, &m))
		list = append(list, m)
	}
	return list
}

// open has DRONE read its mail, and closeMail close it, as AIPass does both.
func (h *host) open() { h.edit(func(d *mailbox.Doc, m *mailbox.Message) error { return d.Open(m) }) }

func (h *host) closeMail() {
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error { return d.Archive(m) })
}

func (h *host) edit(each func(*mailbox.Doc, *mailbox.Message) error) {
	h.t.Helper()
	_, err := mailbox.At(h.box("drone"), mailbox.Options{Layout: aipass.Modern, Location: home, Now: func() time.Time { return h.now }}).
		Update(h.t.Context(), func(d *mailbox.Doc) error {
			for _, m := range d.Messages() {
				if err := each(d, m); err != nil {
					return err
				}
			}
			return nil
		})
	must(h.t, err)
}

// has checks DRONE's mail: a line each for the inbox, newest first, then one for
// each closed message, with what it stands for.
func (h *host) has(want ...string) {
	h.t.Helper()
	got := []string{}
	for _, m := range h.inbox("drone") {
		got = append(got, m.Status+": "+m.note(h.t).list())
	}
	closed := []string{}
	for _, m := range h.closedMail("drone") {
		closed = append(closed, m.Status+": "+m.note(h.t).list())
	}
	slices.Sort(closed)
	if diff := cmp.Diff(append([]string{}, want...), append(got, closed...)); diff != "" {
		h.t.Errorf("at noon + %v: -want +got:\n%s", h.now.Sub(noon), diff)
	}
}

// list is what a message stands for, such as "a firing, b resolved 2".
func (n note) list() string {
	var list []string
	for _, r := range n.Alerts {
		text := r.Name + " " + r.Status
		if r.Episode > 1 {
			text += ", episode " + string(rune('0'+r.Episode))
		}
		if r.Count > 1 {
			text += ", seen " + string(rune('0'+r.Count))
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func setStatus(status string) func(*mailbox.Doc, *mailbox.Message) error {
	return set("status", `"`+status+`"`)
}

func set(name, value string) func(*mailbox.Doc, *mailbox.Message) error {
	return func(d *mailbox.Doc, m *mailbox.Message) error {
		return d.Set(m, mailbox.Field{Name: name, Value: value})
	}
}

// lockInbox holds the lock of a mailbox as AIPass would.
func lockInbox(t testing.TB, box string) (unlock func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(box, aipass.InboxLock))
	must(t, err)
	must(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	return func() { f.Close() }
}

func closeOpened(d *mailbox.Doc, m *mailbox.Message) error {
	if m.Status != aipass.OpenedMail {
		return nil
	}
	return d.Archive(m)
}
