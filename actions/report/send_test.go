package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// box is a mailbox with an inbox.
func box(t *testing.T, layout aipass.Layout, inbox string) (m mailbox.Mailbox, path string) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, aipass.InboxFile)
	must(t, os.WriteFile(path, []byte(inbox), 0o644))
	must(t, os.Chtimes(path, now, now))
	return mailbox.At(dir, mailbox.Options{Layout: layout, Location: time.UTC}), path
}

// send sends the report of a date and says whether that did something.
func send(t *testing.T, m mailbox.Mailbox, date string, again bool) bool {
	t.Helper()
	delivery, err := Send(t.Context(), m, Report{Date: date, Text: "# AIPass Daily Report\n\nAll is well.\n"}, Post{From: "@trigger", Sent: now, Again: again})
	must(t, err)
	return delivery.Sent
}

// subjects are those of an inbox, newest first.
func subjects(t *testing.T, inbox string) (list []string) {
	t.Helper()
	data, err := os.ReadFile(inbox)
	must(t, err)
	var doc struct{ Messages []struct{ Subject string } }
	must(t, json.Unmarshal(data, &doc))
	for _, m := range doc.Messages {
		list = append(list, m.Subject)
	}
	return list
}

func TestTheReportIsAMailFromTrigger(t *testing.T) {
	t.Parallel()
	m, inbox := box(t, aipass.Modern, `{"messages": []}`)
	if !send(t, m, "2026-02-19", false) {
		t.Error("nothing is sent")
	}
	data, err := os.ReadFile(inbox)
	must(t, err)
	var doc struct{ Messages []map[string]any }
	must(t, json.Unmarshal(data, &doc))
	delete(doc.Messages[0], "id")
	want := map[string]any{
		"timestamp": "2026-02-19 08:00:00", "from": "@trigger", "from_name": "Trigger", "subject": "[DAILY] System Report - 2026-02-19",
		"message": "# AIPass Daily Report\n\nAll is well.\n", "status": "new", "auto_execute": false, "priority": "normal",
		"aipass_actions": map[string]any{"kind": "daily report", "date": "2026-02-19"},
	}
	if diff := cmp.Diff(want, doc.Messages[0]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestADateHasOneReport(t *testing.T) {
	t.Parallel()
	for _, layout := range []aipass.Layout{aipass.Legacy, aipass.Modern} {
		m, inbox := box(t, layout, `{"messages": []}`)
		for _, step := range []struct {
			date        string
			again, sent bool
		}{
			{"2026-02-18", false, true},
			{"2026-02-18", false, false},
			{"2026-02-19", false, true},
			{"2026-02-18", false, false},
			{"2026-02-19", true, true},
		} {
			if got := send(t, m, step.date, step.again); got != step.sent {
				t.Errorf("%s, %s again %v: sent %v", layout, step.date, step.again, got)
			}
		}
		want := []string{"[DAILY] System Report - 2026-02-19", "[DAILY] System Report - 2026-02-19", "[DAILY] System Report - 2026-02-18"}
		if diff := cmp.Diff(want, subjects(t, inbox)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", layout, diff)
		}
	}
}

// The report is known by its mark: opened, and after AIPass has rewritten the
// inbox, it still is the report, and a mail of that subject is not.
func TestAReportIsKnownByItsMark(t *testing.T) {
	t.Parallel()
	m, inbox := box(t, aipass.Modern, `{"messages": [
  {"id": "0d000001", "timestamp": "2026-02-19 07:00:00", "from": "@drone", "subject": "[DAILY] System Report - 2026-02-19", "status": "new"},
  {"id": "0d000002", "timestamp": "2026-02-19 07:00:00", "from": "@drone", "subject": "x", "status": "new", "aipass_actions": "daily report 2026-02-19"},
  {"id": "0d000003", "timestamp": "2026-02-19 07:00:00", "from": "@drone", "subject": "x", "status": "new", "aipass_actions": {"kind": "stale mail notice", "date": "2026-02-19"}},
  {"id": "0d000004", "timestamp": "2026-02-19 07:00:00", "from": "@drone", "subject": "x", "status": "new", "aipass_actions": {"kind": ["daily report"], "date": 5, "x": NaN}}
]}`)
	if !send(t, m, "2026-02-19", false) {
		t.Error("it is taken to be there")
	}
	data, err := os.ReadFile(inbox)
	must(t, err)
	var compact map[string]any // what AIPass keeps of it: the values
	must(t, json.Unmarshal([]byte(strings.ReplaceAll(string(data), "NaN", "0")), &compact))
	compact["messages"].([]any)[0].(map[string]any)["status"] = "opened"
	rewritten, err := json.Marshal(compact)
	must(t, err)
	must(t, os.WriteFile(inbox, rewritten, 0o644))
	if send(t, m, "2026-02-19", false) {
		t.Error("it is sent twice")
	}
}

func TestAMailboxThatCannotBeWrittenHasNoReport(t *testing.T) {
	t.Parallel()
	m, inbox := box(t, aipass.Modern, `{"messages": [`)
	delivery, err := Send(t.Context(), m, Report{Date: "2026-02-19", Text: "x"}, Post{From: "@trigger", Sent: now})
	if err == nil || delivery.Sent {
		t.Errorf("sent %v, error %v", delivery.Sent, err)
	}
	if data, _ := os.ReadFile(inbox); string(data) != `{"messages": [` {
		t.Errorf("it became %s", data)
	}
}
