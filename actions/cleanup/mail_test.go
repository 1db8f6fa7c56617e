package cleanup

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A mail is a message as Python holds it.
type mail map[string]any

// sent is a message of an age, from @flow, whose subject says which it is.
func sent(id, status string, age time.Duration, more ...mail) mail {
	m := mail{
		"id": id, "timestamp": noon.Add(-age).Format(time.DateTime), "from": "@flow", "from_name": "FLOW",
		"subject": "about " + id, "message": "Hello.", "status": status, "auto_execute": false, "priority": "normal",
	}
	for _, members := range more {
		maps.Copy(m, members)
	}
	return m
}

// without is a message that lacks members.
func (m mail) without(names ...string) mail {
	for _, name := range names {
		delete(m, name)
	}
	return m
}

// inbox is a document as Python writes it, its counters right if every message
// has a status.
func inbox(mails ...mail) string {
	unread := 0
	texts := []string{}
	for _, m := range mails {
		if m["status"] == "new" {
			unread++
		}
		var out strings.Builder
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("    ", "  ")
		if err := enc.Encode(m); err != nil {
			panic(err)
		}
		texts = append(texts, "    "+strings.TrimSpace(out.String()))
	}
	list := "[]"
	if len(texts) > 0 {
		list = "[\n" + strings.Join(texts, ",\n") + "\n  ]"
	}
	return fmt.Sprintf("{\n  \"mailbox\": \"inbox\",\n  \"total_messages\": %d,\n  \"unread_count\": %d,\n  \"messages\": %s\n}", len(mails), unread, list)
}

// document is what a branch's inbox holds.
func (h *host) document(branch string) string {
	h.t.Helper()
	return read(h.t, h.file(branch))
}

// mails are a branch's messages, newest first.
func (h *host) mails(branch string) []mail {
	h.t.Helper()
	var box struct{ Messages []mail }
	must(h.t, json.Unmarshal([]byte(h.document(branch)), &box))
	return box.Messages
}

// mail is the one message of an id in a branch's inbox, nil if there is none.
func (h *host) mail(branch, id string) (found mail) {
	h.t.Helper()
	for _, m := range h.mails(branch) {
		if m["id"] == id && found != nil {
			h.t.Fatalf("%s is in the inbox twice", id)
		} else if m["id"] == id {
			found = m
		}
	}
	return found
}

func (h *host) ids(branch string) []string {
	h.t.Helper()
	ids := []string{}
	for _, m := range h.mails(branch) {
		ids = append(ids, m["id"].(string))
	}
	return ids
}

// archive is a branch's closed mail by file.
func (h *host) archive(branch string) map[string]string {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(h.box(branch), aipass.ClosedMailDir, "*"))
	must(h.t, err)
	archive := map[string]string{}
	for _, file := range files {
		archive[file] = read(h.t, file)
	}
	return archive
}

// archived is a branch's closed mail by id; none may be there twice.
func (h *host) archived(branch string) map[string]mail {
	h.t.Helper()
	byID := map[string]mail{}
	for file, text := range h.archive(branch) {
		var m mail
		must(h.t, json.Unmarshal([]byte(text), &m))
		id := m["id"].(string)
		if byID[id] != nil {
			h.t.Errorf("%s: %s is in the archive twice", file, id)
		}
		byID[id] = m
	}
	return byID
}

// items are the ids of what was opened, closed or put back.
func items(list []Item) []string {
	ids := []string{}
	for _, i := range list {
		ids = append(ids, i.ID)
	}
	return ids
}

func decoded(t testing.TB, text string) (m mail) {
	t.Helper()
	must(t, json.Unmarshal([]byte(text), &m))
	return m
}
