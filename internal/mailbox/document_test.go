package mailbox

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shapes are inboxes that AIPass takes, or makes into what it takes.
var shapes = map[string]string{
	"complete":                        `{"mailbox": "inbox", "total_messages": 1, "unread_count": 0, "messages": [{"id": "b70d1c22", "status": "opened"}]}`,
	"empty":                           `{"mailbox": "inbox", "total_messages": 0, "unread_count": 0, "messages": []}`,
	"a list":                          `[{"id": "b70d1c22", "status": "new"}, {"id": "3fa9c01e", "status": "opened"}]`,
	"an empty list":                   `[]`,
	"of a fresh install":              `{"inbox": []}`,
	"old":                             `{"version": 1, "inbox": [{"id": "b70d1c22", "read": false}], "note": "kept"}`,
	"both names of the list":          `{"inbox": [{"id": "1"}], "messages": [{"id": "2"}]}`,
	"nothing":                         `{}`,
	"messages only":                   `{"messages": [{"id": "b70d1c22", "status": "new"}]}`,
	"without a name":                  `{"total_messages": 0, "unread_count": 0, "messages": []}`,
	"without counters":                `{"mailbox": "inbox", "messages": [{"status": "new"}]}`,
	"without messages":                `{"mailbox": "inbox", "total_messages": 7, "unread_count": 7}`,
	"wrong counters":                  `{"mailbox": "inbox", "total_messages": "many", "unread_count": null, "messages": [{"status": "closed"}]}`,
	"from before there was a status":  `{"messages": [{"id": "1", "read": false}, {"id": "2", "read": true}, {"id": "3"}, {"status": null, "read": 0}]}`,
	"a reply's message":               `{"messages": [{"from": "@drone", "to": "@flow", "in_reply_to": "3fa9c01e", "subject": "RE: x", "message": "y", "id": "b70d1c22"}]}`,
	"devpulse's feedback":             `{"messages": [{"id": "b70d1c22", "from": "devpulse", "body": "caf\u00e9", "timestamp": "2026-02-19T08:00:03.1", "read": false, "metadata": {"source": "x", "thread_id": 1}}]}` + "\n",
	"closed mail that stayed":         `{"messages": [{"id": "b70d1c22", "status": "closed", "read": true}]}`,
	"messages of nothing":             `{"messages": [{}, {}]}`,
	"unknown members of the document": `{"schema": {"v": [2, {}]}, "messages": [], "mailbox": "outbox", "": null}`,
	"lists named twice":               `{"messages": [{"id": "1"}], "messages": [{"id": "2"}]}`,
	"counters named twice":            `{"total_messages": 3, "unread_count": 3, "total_messages": 4, "messages": []}`,
	"names spelled with escapes":      `{"mess\u0061ges": [{"\u0069d": "1", "st\u0061tus": "new"}], "t\u006ftal_messages": 9}`,
	"numbers of Python's":             `{"messages": [{"a": NaN, "b": -Infinity, "c": 123456789012345678901234567890, "d": 1e999}]}`,
	"compact":                         `{"messages":[{"id":"1","status":"new"},{"id":"2"}],"total_messages":2}`,
	"with line ends of Windows":       "{\r\n  \"messages\": [\r\n    {\r\n      \"id\": \"1\"\r\n    }\r\n  ]\r\n}\r\n",
	"with odd white space":            "\n\t {\t\"messages\"\r: [ {\n\n\"id\"\t:\"1\" }\n ,\t{ } ] \n, \"mailbox\" :\"inbox\"\n}\n\n",
}

func TestDeliveryComesToWhatAIPassMakesOfIt(t *testing.T) {
	t.Parallel()
	pairs := map[string][2]string{}
	for name, before := range shapes {
		dir := put(t, before)
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("[DAILY] System Report")))
		pairs[name] = [2]string{before, inbox(t, dir)}
	}
	same := judge[map[string]bool](t, pythonDelivers+`
says = {name: same(*pair) for name, pair in given.items()}
`, pairs)
	for name, pair := range pairs {
		if !same[name] {
			t.Errorf("%s: %s\nbecame\n%s", name, pair[0], pair[1])
		}
	}
}

// As it looks after a delivery, so Python would write it: a later write of
// AIPass changes no line that it does not mean to.
func TestDeliveryIntoWhatPythonWroteLooksWrittenByPython(t *testing.T) {
	t.Parallel()
	var before, after []string
	for name, text := range shapes {
		if !strings.Contains(name, "list") { // which is indented anew
			before = append(before, text)
		}
	}
	for _, text := range pythonWrites(t, before...) {
		dir := put(t, text)
		must(t, at(dir, Options{}).Deliver(t.Context(), letter(`Grüße, "𝄞" & <all>`)))
		after = append(after, inbox(t, dir))
	}
	if diff := cmp.Diff(pythonWrites(t, after...), after); diff != "" {
		t.Errorf("-python +got:\n%s", diff)
	}
}

func TestChangesOfWhatPythonWroteLookWrittenByPython(t *testing.T) {
	t.Parallel()
	dir := put(t, pythonWrites(t, `{"mailbox": "inbox", "total_messages": 3, "unread_count": 3, "messages": [
		{"id": "1", "status": "new", "message": "é"}, {"id": "2", "subject": "no status"}]}`)[0])
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			must(t, d.Open(m, Field{AutoOpenedMember, "true"}))
		}
		return nil
	})
	must(t, err)
	got := inbox(t, dir)
	if diff := cmp.Diff(pythonWrites(t, got)[0], got); diff != "" {
		t.Errorf("-python +got:\n%s", diff)
	}
}

func TestCountersAreAIPasss(t *testing.T) {
	t.Parallel()
	var messages []string
	for _, status := range []string{``, `"status": null`, `"status": "new"`, `"status": "opened"`, `"status": "closed"`, `"status": ""`, `"status": 0`, `"status": ["new"]`} {
		for _, read := range []string{``, `"read": true`, `"read": false`, `"read": null`, `"read": 0.0`, `"read": ""`, `"read": "no"`, `"read": []`, `"read": NaN`} {
			messages = append(messages, `{`+strings.Trim(status+`, `+read, `, `)+`}`)
		}
	}
	dir := put(t, `{"messages": [`+strings.Join(messages, ", ")+`]}`)
	must(t, at(dir, Options{}).Deliver(t.Context(), letter("x")))
	want := judge[[2]int](t, pythonDelivers+`
mail = json.loads(given)["messages"]
says = [len(mail), sum(1 for m in mail if is_new(m))]
`, inbox(t, dir))
	var got struct {
		Total  int `json:"total_messages"`
		Unread int `json:"unread_count"`
	}
	must(t, json.Unmarshal([]byte(strings.ReplaceAll(inbox(t, dir), "NaN", "1")), &got))
	if got.Total != want[0] || got.Unread != want[1] {
		t.Errorf("got %d, %d unread, python counts %d, %d", got.Total, got.Unread, want[0], want[1])
	}
}
