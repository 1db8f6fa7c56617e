package mailbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestSettingAMemberChangesItsValueAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, member, value, after string }{
		{"in place", `{"id": "1", "status": "new", "read": false}`, "status", `"opened"`, `{"id": "1", "status": "opened", "read": false}`},
		{"the last", `{"id": "1", "read": false}`, "read", "true", `{"id": "1", "read": true}`},
		{"with white space around", "{ \"read\"\t:\n false\r\n}", "read", "true", "{ \"read\"\t:\n true\r\n}"},
		{"a number's spelling beside it", `{"n": 1.50e+3, "x": null, "m": -0}`, "x", "1", `{"n": 1.50e+3, "x": 1, "m": -0}`},
		{"an object", `{"x": {"x": [1, {"x": 2}]}, "y": 1}`, "x", `{}`, `{"x": {}, "y": 1}`},
		{"the one that counts of two", `{"x": 1, "y": 2, "x": 3}`, "x", "4", `{"x": 1, "y": 2, "x": 4}`},
		{"a name spelled with escapes", `{"st\u0061tus": "new"}`, "status", `"opened"`, `{"st\u0061tus": "opened"}`},
		{"not in something else", `{"m": {"read": false}, "t": "\"read\": false"}`, "read", "true", `{"m": {"read": false}, "t": "\"read\": false", "read": true}`},
	} {
		if got := set(t, c.before, Field{c.member, c.value}); got != c.after {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.name, c.before, got, c.after)
		}
	}
}

func TestANewMemberComesLastSpacedLikeItsNeighbours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, after string }{
		{"indented", "{\n      \"id\": \"1\",\n      \"n\": 2\n    }", "{\n      \"id\": \"1\",\n      \"n\": 2,\n      \"read\": true\n    }"},
		{"indented, alone", "{\n      \"id\": \"1\"\n    }", "{\n      \"id\": \"1\",\n      \"read\": true\n    }"},
		{"with tabs and line ends of Windows", "{\r\n\t\"id\": \"1\",\r\n\t\"n\": 2\r\n}", "{\r\n\t\"id\": \"1\",\r\n\t\"n\": 2,\r\n\t\"read\": true\r\n}"},
		{"on one line", `{"id": "1", "n": 2}`, `{"id": "1", "n": 2, "read": true}`},
		{"on one line, alone", `{"id": "1"}`, `{"id": "1", "read": true}`},
		{"compact", `{"id":"1","n":2}`, `{"id":"1","n":2,"read":true}`},
		{"compact, alone", `{"id":"1"}`, `{"id":"1","read":true}`},
		{"spaced out", `{ "id" : "1" , "n" : 2 }`, `{ "id" : "1" , "n" : 2 , "read" : true }`},
		{"into nothing", `{}`, `{"read": true}`},
		{"into nothing but white space", "{\n}", `{"read": true}`},
	} {
		if got := set(t, c.before, Field{"read", "true"}); got != c.after {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.name, c.before, got, c.after)
		}
	}
}

// set sets a member of the only message of an inbox.
func set(t *testing.T, message string, fields ...Field) string {
	t.Helper()
	dir := put(t, `{"messages": [`+message+`]}`)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error { return d.Set(d.Messages()[0], fields...) })
	must(t, err)
	return raws(t, dir)[0]
}

func TestWhatAMessageSaysOfItself(t *testing.T) {
	t.Parallel()
	opened := time.Date(2026, time.February, 18, 6, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, raw string
		want      Message
	}{
		{"everything", `{"id": "3fa9c01e", "timestamp": "2026-02-19 08:00:03", "from": "@x", "from_name": "X", "subject": "s"}`, Message{
			ID: "3fa9c01e", Timestamp: "2026-02-19 08:00:03", From: "@x", FromName: "X", Subject: "s",
		}},
		{"nothing", `{}`, Message{}},
		{"no strings", `{"id": 7, "timestamp": null, "from": [], "from_name": {}, "subject": true}`, Message{}},
		{"that it starts agents", `{"auto_execute": true}`, Message{AutoExecute: true}},
		{"that it starts agents, as Python sees it", `{"auto_execute": "no"}`, Message{AutoExecute: true}},
		{"that it starts none", `{"auto_execute": 0.0}`, Message{}},
		{"that a cleanup opened it", `{"auto_opened": true, "auto_opened_at": "2026-02-18T06:00:00"}`, Message{AutoOpened: true, AutoOpenedAt: opened}},
		{"that a cleanup opened it, some time", `{"auto_opened": true, "auto_opened_at": "lately"}`, Message{AutoOpened: true}},
		{"that this program wrote it", `{"aipass_actions": {}}`, Message{Ours: true}},
		{"something like that", `{"aipass_actions": true, "subject": "aipass_actions"}`, Message{Subject: "aipass_actions"}},
		{"two things", `{"id": "1", "id": "2"}`, Message{ID: "2"}},
		{"more than is worth keeping", `{"id": "` + strings.Repeat("é", 4096) + `"}`, Message{ID: strings.Repeat("é", 2048)}},
	} {
		m, err := parseMessage([]byte(c.raw), time.UTC)
		must(t, err)
		if diff := cmp.Diff(&c.want, m, cmpopts.IgnoreUnexported(Message{}), cmpopts.IgnoreTypes(aipass.Message{})); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}
