package cleanup

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// randomInbox is an inbox in any of the shapes that AIPass takes, spelled by
// anybody, of mail of which a run may want to open, close or leave any.
func randomInbox(r *rand.Rand) string {
	s := pick(r, spellings...)
	messages := make([]string, r.IntN(12))
	for i := range messages {
		messages[i] = randomMessage(r, pick(r, s, s, spellings[r.IntN(len(spellings))]))
		if i > 0 && r.IntN(8) == 0 {
			messages[i] = messages[r.IntN(i)] // once more
		}
	}
	list := s.list(messages)
	if r.IntN(8) == 0 {
		return list + s.end
	}
	members := []string{`"messages"` + s.colon + list}
	if r.IntN(6) == 0 {
		members[0] = `"inbox"` + s.colon + list
	}
	for _, more := range []string{
		`"mailbox"` + s.colon + `"inbox"`,
		`"total_messages"` + s.colon + pick(r, strconv.Itoa(len(messages)), "77", "null", `"many"`),
		`"unread_count"` + s.colon + pick(r, "0", "1", "2", "1.0", "-1"),
		`"schema"` + s.colon + pick(r, oddValues...),
		`"unread_count"` + s.colon + "3",
		`"\u006eote"` + s.colon + pick(r, oddValues...),
	} {
		if r.IntN(3) > 0 {
			at := r.IntN(len(members) + 1)
			members = append(members[:at], append([]string{more}, members[at:]...)...)
		}
	}
	return s.object(members) + s.end
}

func randomMessage(r *rand.Rand, s spelling) string {
	var members []string
	add := func(name string, values ...string) {
		if value := pick(r, values...); value != "" {
			members = append(members, `"`+name+`"`+s.colon+value)
		}
	}
	add("id", "", `""`, "7", `"a"`, `"b"`, `"c"`, `"\u0064"`, `"3fa9c01e"`, `"b70d1c22"`, `"é"`, fmt.Sprintf(`"%08x"`, r.Uint32()))
	add("timestamp", append(randomTimes(r, 20), "", "null", `"lately"`, "1")...)
	add("from", "", `"@flow"`, `"devpulse"`, `"@x [/] \n"`, "null", `"\ud800"`)
	add("subject", "", `"about"`, `"RE: caf\u00e9 é"`, `"a/b: \"c\" \\ \ud83d\ude00"`, "[1]", `"half \ude00"`, `"`+strings.Repeat("é", 2100)+`"`)
	add("status", "", "null", `"new"`, `"opened"`, `"opened"`, `"opened"`, `"opened"`, `"\u006fpened"`, `"closed"`, "0")
	add("read", "", "", "true", "false", "0", `"no"`, "null")
	add("auto_execute", "", "", "", "false", "false", "false", "true", "NaN", `""`, "0.0")
	add("auto_opened", "", "", "", "true", "false")
	add("auto_opened_at", "", "", `"`+noon.Add(-30*hour).Format("2006-01-02T15:04:05.000000")+`"`, `"2026-02-19T11:00:00"`, "null")
	add("aipass_actions", "", "", "", "", "{}", "true")
	add("x", append(oddValues, "", "", "")...)
	add("read", "", "", "", "true") // once more
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return s.object(members)
}

func randomTimes(r *rand.Rand, n int) (times []string) {
	for range n {
		age := pick(r, hour, 48*hour, 48*hour+time.Second, 3*day, 7*day, 7*day+time.Second, 9*day, 9*day, 400*day, -day)
		layout := pick(r, time.DateTime, time.DateTime, "2006-01-02T15:04:05.000000", time.RFC3339)
		times = append(times, `"`+noon.Add(-age).Format(layout)+`"`)
	}
	return times
}

var oddValues = []string{
	"1.50e+3", "-0", "1E400", "NaN", "-Infinity", "123456789012345678901234567890", "{}", "[]", `{"a":{ "b" :[1 ,2 ]}}`,
	`"\u00e9\/\b"`, `"é😀\u2028"`, "null", `[{"id": "a", "status": "new"}]`, `"\ud83d\ud83d\ude00"`,
}

// A spelling is how somebody writes JSON.
type spelling struct {
	open, comma, close string
	colon, end         string
}

var spellings = []spelling{
	{"", ",", "", ":", ""},
	{"", ", ", "", ": ", ""},
	{"\n    ", ",\n    ", "\n  ", ": ", ""},
	{"\n    ", ",\n    ", "\n  ", ": ", "\n"},
	{"\r\n\t", ",\r\n\t", "\r\n", ": ", "\r\n"},
	{" ", " , ", " ", " :\n", " \n\n"},
}

func (s spelling) object(members []string) string { return s.put("{", members, "}") }
func (s spelling) list(values []string) string    { return s.put("[", values, "]") }

func (s spelling) put(open string, parts []string, end string) string {
	if len(parts) == 0 {
		return open + end
	}
	return open + s.open + strings.Join(parts, s.comma) + s.close + end
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
