package stack

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// What happens to the demo host.

// save returns what puts a file back as it is now.
func (s *stack) save(name string) (restore func()) {
	s.t.Helper()
	path := filepath.Join(s.host, name)
	data, err := os.ReadFile(path)
	must(s.t, err)
	return func() { must(s.t, os.WriteFile(path, data, 0o644)) }
}

// breakInbox leaves half of an inbox, long ago: nobody is still writing it.
func (s *stack) breakInbox(box string) {
	s.t.Helper()
	path := filepath.Join(s.host, box, "inbox.json")
	must(s.t, os.WriteFile(path, []byte(`{"messages": [`), 0o644))
	yesterday := time.Now().Add(-24 * time.Hour)
	must(s.t, os.Chtimes(path, yesterday, yesterday))
}

// outgrow makes a memory file longer than any limit of the demo host.
func (s *stack) outgrow(name string) {
	s.t.Helper()
	path := filepath.Join(s.host, name)
	data, err := os.ReadFile(path)
	must(s.t, err)
	must(s.t, os.WriteFile(path, append(data, strings.Repeat("\n", 1000)...), 0o644))
}

const stale = "Nobody opens this"

// growStale puts a message into an inbox that has been there for three days.
func (s *stack) growStale(box string) {
	s.edit(box, func(messages []any) []any {
		return append(messages, map[string]any{
			"id": "0ld0ld00", "timestamp": time.Now().Add(-72 * time.Hour).Format(time.DateTime), "from": "@drone", "from_name": "DRONE",
			"subject": stale, "message": "For three days.", "status": "new", "auto_execute": false, "priority": "normal",
		})
	})
}

// loseStale takes it out again.
func (s *stack) loseStale(box string) {
	s.edit(box, func(messages []any) []any {
		return slices.DeleteFunc(messages, func(m any) bool { return m.(map[string]any)["subject"] == stale })
	})
}

// edit changes an inbox as AIPass does: under the lock, in place.
func (s *stack) edit(box string, change func([]any) []any) {
	s.t.Helper()
	lock, err := os.Create(filepath.Join(s.host, box, ".inbox.lock"))
	must(s.t, err)
	defer lock.Close()
	must(s.t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX))
	var inbox map[string]any
	path := filepath.Join(s.host, box, "inbox.json")
	s.read(path, &inbox)
	inbox["messages"] = change(inbox["messages"].([]any))
	data, err := json.MarshalIndent(inbox, "", "  ")
	must(s.t, err)
	must(s.t, os.WriteFile(path, data, 0o644))
}
