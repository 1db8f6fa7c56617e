package aipass

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func inboxOf(text string) (Inbox, error) {
	return parsed(text, func(d *jsonfile.Decoder) (Inbox, error) { return parseInbox(d, time.UTC) })
}

// A tally is an inbox in numbers.
type tally struct {
	New, Opened, Closed, Other int
	Awaiting, Undated          int
	Mismatch                   bool
}

func tallyOf(in Inbox) tally {
	sum := tally{in.Count(NewMail), in.Count(OpenedMail), in.Count(ClosedMail), in.Count(OtherMail), 0, 0, in.CounterMismatch}
	for _, m := range in.Messages {
		if m.AwaitsDispatch {
			sum.Awaiting++
		}
		if _, dated := m.Sent(); !dated {
			sum.Undated++
		}
	}
	return sum
}

// The variants of section 3.2 of AIPass's formats.
func TestInboxIsReadInEveryShapeThatAIPassReadsOrMigrates(t *testing.T) {
	t.Parallel()
	const sent = `"timestamp": "2026-02-19 08:00:03"`
	tests := map[string]struct {
		text string
		want tally
	}{
		"as delivery writes it": {`{"mailbox": "inbox", "total_messages": 2, "unread_count": 1, "messages": [
			{` + sent + `, "from": "@trigger", "status": "new", "auto_execute": false},
			{` + sent + `, "from": "@drone", "status": "opened", "auto_execute": false, "read": true}]}`, tally{New: 1, Opened: 1}},
		"a bare list":                     {`[{` + sent + `, "status": "new"}]`, tally{New: 1}},
		"an empty list":                   {`[]`, tally{}},
		"inbox instead of messages":       {`{"inbox": [{` + sent + `, "status": "opened"}]}`, tally{Opened: 1}},
		"as setup.sh writes it":           {`{"inbox": []}`, tally{}},
		"messages counts before inbox":    {`{"inbox": [{}, {}], "messages": [{` + sent + `, "status": "new"}]}`, tally{New: 1}},
		"nothing in it":                   {`{}`, tally{}},
		"no counters":                     {`{"messages": [{` + sent + `, "status": "new"}]}`, tally{New: 1}},
		"messages twice, last wins":       {`{"messages": [{}, {}], "messages": [{` + sent + `, "status": "opened"}]}`, tally{Opened: 1}},
		"a bad list first, last wins":     {`{"messages": null, "messages": []}`, tally{}},
		"status twice, last wins":         {`{"messages": [{` + sent + `, "status": "new", "status": "closed"}]}`, tally{Closed: 1}},
		"closed in the inbox":             {`{"total_messages": 1, "unread_count": 0, "messages": [{` + sent + `, "status": "closed"}]}`, tally{Closed: 1}},
		"fields nobody knows":             {`{"x": [NaN], "messages": [{` + sent + `, "status": "new", "metadata": {"a": [-Infinity]}, "n": 1` + strings.Repeat("0", 400) + `}]}`, tally{New: 1}},
		"without status, read false":      {`{"messages": [{` + sent + `, "read": false}]}`, tally{New: 1}},
		"without status, read true":       {`{"messages": [{` + sent + `, "read": true}]}`, tally{Other: 1}},
		"without status, without read":    {`{"messages": [{` + sent + `, "to": "@x", "in_reply_to": "ab", "id": "cd"}]}`, tally{New: 1}},
		"status null":                     {`{"messages": [{` + sent + `, "status": null}]}`, tally{New: 1}},
		"status null, read a full list":   {`{"messages": [{` + sent + `, "status": null, "read": [0]}]}`, tally{Other: 1}},
		"status new, read true":           {`{"messages": [{` + sent + `, "status": "new", "read": true}]}`, tally{New: 1}},
		"status empty is not new":         {`{"messages": [{` + sent + `, "status": ""}]}`, tally{Other: 1}},
		"status in capitals is not new":   {`{"messages": [{` + sent + `, "status": "NEW"}]}`, tally{Other: 1}},
		"status a number":                 {`{"messages": [{` + sent + `, "status": 1}]}`, tally{Other: 1}},
		"status a list":                   {`{"messages": [{` + sent + `, "status": ["new"]}]}`, tally{Other: 1}},
		"auto_execute awaits dispatch":    {`{"messages": [{` + sent + `, "status": "new", "auto_execute": true}]}`, tally{New: 1, Awaiting: 1}},
		"auto_execute by truth, not type": {`{"messages": [{` + sent + `, "status": "new", "auto_execute": "no"}]}`, tally{New: 1, Awaiting: 1}},
		"auto_execute, opened":            {`{"messages": [{` + sent + `, "status": "opened", "auto_execute": true}]}`, tally{Opened: 1}},
		"auto_execute, new by no status":  {`{"messages": [{` + sent + `, "auto_execute": true}]}`, tally{New: 1}},
		"auto_execute null":               {`{"messages": [{` + sent + `, "status": "new", "auto_execute": null}]}`, tally{New: 1}},
		"no timestamp":                    {`{"messages": [{"status": "new"}, {"status": "new", "timestamp": null}, {"status": "new", "timestamp": ""}]}`, tally{New: 3, Undated: 3}},
		"a timestamp that is no time":     {`{"messages": [{"status": "new", "timestamp": "yesterday"}, {"status": "new", "timestamp": 20260219080003}]}`, tally{New: 2, Undated: 2}},
		"a message without anything":      {`{"messages": [{}]}`, tally{New: 1, Undated: 1}},
		"total too low":                   {`{"total_messages": 0, "messages": [{` + sent + `, "status": "opened"}]}`, tally{Opened: 1, Mismatch: true}},
		"total too high":                  {`{"total_messages": 2, "unread_count": 0, "messages": [{` + sent + `, "status": "opened"}]}`, tally{Opened: 1, Mismatch: true}},
		"unread wrong":                    {`{"total_messages": 1, "unread_count": 1, "messages": [{` + sent + `, "status": "opened"}]}`, tally{Opened: 1, Mismatch: true}},
		"counters after the messages":     {`{"messages": [{` + sent + `, "status": "new"}], "unread_count": 1, "total_messages": 1}`, tally{New: 1}},
		"a counter as a text":             {`{"total_messages": "0", "messages": []}`, tally{Mismatch: true}},
		"a counter null":                  {`{"total_messages": null, "messages": []}`, tally{Mismatch: true}},
		"a counter as a float":            {`{"total_messages": 0.0, "messages": []}`, tally{}},
		"a counter beyond all numbers":    {`{"total_messages": 1` + strings.Repeat("0", 400) + `, "messages": []}`, tally{Mismatch: true}},
		"a counter NaN":                   {`{"unread_count": NaN, "messages": []}`, tally{Mismatch: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := inboxOf(tt.text)
			must(t, err)
			if diff := cmp.Diff(tt.want, tallyOf(got)); diff != "" {
				t.Error("-want +got:\n", diff)
			}
		})
	}
}

func TestInboxThatAIPassCannotReadIsMalformed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, reason string }{
		"empty":                         {``, "the file is empty"},
		"only white space":              {" \n", "ends in the middle"},
		"cut off":                       {`{"messages": [{"status": "new"`, "ends in the middle"},
		"something after it":            {`{"messages": []}]`, "after the end"},
		"byte order mark":               {"\ufeff[]", "byte order mark"},
		"not UTF-8":                     {"[{\"subject\": \"caf\xe9\"}]", "not UTF-8"},
		"a lone high surrogate":         {`[{"subject": "\ud83d"}]`, "surrogate"},
		"a lone low surrogate":          {`[{"message": "\ude00"}]`, "surrogate"},
		"a control character in a text": {"[{\"subject\": \"a\nb\"}]", "control character"},
		"a comma too many":              {`{"messages": [{}, ]}`, "where a value should be"},
		"a number":                      {`7`, "neither an object nor a list"},
		"null":                          {`null`, "neither an object nor a list"},
		"messages null":                 {`{"messages": null}`, "not a list"},
		"messages an object":            {`{"messages": {}}`, "not a list"},
		"inbox a text":                  {`{"inbox": "none"}`, "not a list"},
		"a message that is none":        {`{"messages": [{}, "hello"]}`, "message 2 is not an object"},
		"null among the messages":       {`[null]`, "message 1 is not an object"},
		"nested without end":            {strings.Repeat("[", 100_000), "nested"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := inboxOf(tt.text)
			wantMalformed(t, err, tt.reason)
		})
	}
}

func TestDevpulseFeedbackIsStampedInUTCAndOtherMailInLocalTime(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"from": "devpulse", "timestamp": "2026-02-19T08:00:03.123456"}`:           "2026-02-19T08:00:03Z",
		`{"timestamp": "2026-02-19T08:00:03.123456", "from": "devpulse"}`:           "2026-02-19T08:00:03Z",
		`{"from": "devpulse", "timestamp": "2026-02-19T08:00:03+01:00"}`:            "2026-02-19T07:00:03Z",
		`{"from": "@devpulse", "timestamp": "2026-02-19 08:00:03"}`:                 "2026-02-19T07:00:03Z",
		`{"from": "@drone", "timestamp": "2026-02-19 08:00:03"}`:                    "2026-02-19T07:00:03Z",
		`{"from": ["devpulse"], "timestamp": "2026-02-19 08:00:03"}`:                "2026-02-19T07:00:03Z",
		`{"from_name": "devpulse", "timestamp": "2026-02-19 08:00:03"}`:             "2026-02-19T07:00:03Z",
		`{"from": "@drone", "timestamp": "2026-07-19 08:00:03"}`:                    "2026-07-19T06:00:03Z",
		`{"timestamp": "2026-02-19 08:00:03", "timestamp": "2026-07-19T06:00:03Z"}`: "2026-07-19T06:00:03Z",
	}
	for text, want := range tests {
		got, err := parsed(text, func(d *jsonfile.Decoder) (Message, error) { return parseMessage(d, berlin(t)) })
		must(t, err)
		if sent, ok := got.Sent(); !ok || sent.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: got %v, want %s", text, sent.UTC(), want)
		}
	}
}

func TestAgesGoByDatedMessagesOfTheStatus(t *testing.T) {
	t.Parallel()
	in, err := inboxOf(`[
		{"status": "new", "timestamp": "2026-02-19 08:00:03"},
		{"status": "new", "timestamp": "2026-02-17 08:00:03"},
		{"status": "new", "timestamp": "soon"},
		{"status": "opened", "timestamp": "2026-02-01 08:00:03"}]`)
	must(t, err)
	oldest, ok := in.Oldest(NewMail)
	if want := time.Date(2026, 2, 17, 8, 0, 3, 0, time.UTC); !ok || !oldest.Equal(want) {
		t.Errorf("oldest: got %v, %t, want %v", oldest.UTC(), ok, want)
	}
	if _, ok := in.Oldest(ClosedMail); ok {
		t.Error("there is an oldest closed mail, but no closed mail")
	}
	for at, want := range map[int]int{17: 0, 18: 1, 20: 2} {
		if got := in.OlderThan(NewMail, time.Date(2026, 2, at, 8, 0, 3, 0, time.UTC)); got != want {
			t.Errorf("older than February %d: got %d, want %d", at, got, want)
		}
	}
}

func TestTenThousandMessagesAreAllCounted(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range 10_000 {
		status := MailStatuses[i%3]
		list = append(list, fmt.Sprintf(`{"id": "%08x", "timestamp": "2026-02-19 08:00:03", "status": "%v", "message": "No. %d"}`, i, status, i))
	}
	in, err := inboxOf(`{"total_messages": 10000, "unread_count": 3334, "messages": [` + strings.Join(list, ",\n") + `]}`)
	must(t, err)
	if diff := cmp.Diff(tally{New: 3334, Opened: 3333, Closed: 3333}, tallyOf(in)); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}
