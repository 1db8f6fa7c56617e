package mailbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oddMessages are spelled as no program of AIPass would spell them.
var oddMessages = []string{
	`{}`,
	`{ }`,
	"{\n}",
	`{"id":"1"}`,
	`{"n": 1.50e+3, "big": 123456789012345678901234567890, "zero": -0, "nan": NaN, "inf": [Infinity, -Infinity]}`,
	`{"escapes": "\u00e9 \/ \ud83d\ude00 \u003c \b\u000b", "raw": "é / 😀 <"}`,
	`{"id": "2", "id": "3", "status": "new", "status": null}`,
	`{"zz": 1, "id": "4", "a": {"deep": [[[{"": {}}]]]}}`,
	"{\r\n\t\"id\" :\r\n\"5\"\t,\n\n\"subject\":\"x\" }",
	`{"id": 6, "timestamp": null, "subject": ["no", "text"], "read": "yes", "auto_execute": {}}`,
	`{"id": "` + strings.Repeat("7", 10_000) + `", "message": "` + strings.Repeat(`\"long\\`, 10_000) + `"}`,
}

func TestMessagesOfOthersComeOutByteForByte(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"compact":    `{"messages":[` + strings.Join(oddMessages, ",") + `]}`,
		"spaced":     "{ \"messages\"\n: [\t" + strings.Join(oddMessages, "\r\n ,\t") + "\n] }\n",
		"a list":     `[` + strings.Join(oddMessages, " , ") + `]`,
		"old":        `{"inbox": [` + strings.Join(oddMessages, ", ") + `]}`,
		"in between": `{"a": 1, "messages": [` + strings.Join(oddMessages, ", ") + `], "b": 2}`,
	} {
		dir := put(t, before)
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("one more")))
		if diff := cmp.Diff(oddMessages, raws(t, dir)[1:]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		rest := inbox(t, dir)
		for _, raw := range oddMessages { // not by this package's own reading
			_, after, found := strings.Cut(rest, raw)
			if !found {
				t.Fatalf("%s: no %.60s in %.200s", name, raw, rest)
			}
			rest = after
		}
	}
}

// raws lists an inbox's messages as they are spelled.
func raws(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	_, err := at(dir, Options{}).Look(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			list = append(list, string(m.Raw()))
		}
		return nil
	})
	must(t, err)
	return list
}

func TestUnknownMembersOfTheDocumentKeepTheirSpellingAndOrder(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"z\u00e9": 1.50e+3, "messages": [],"mailbox":  "in\u0062ox", "a":{ "b" :NaN}, "z\u00e9": "\/", "unread_count": 9}`)
	l := letter("x")
	must(t, at(dir, Options{}).Deliver(t.Context(), l))
	got := strings.Replace(inbox(t, dir), raws(t, dir)[0], "MESSAGE", 1)
	want := `{
  "total_messages": 1,
  "z\u00e9": 1.50e+3,
  "messages": [
    MESSAGE
  ],
  "mailbox": "in\u0062ox",
  "a": { "b" :NaN},
  "z\u00e9": "\/",
  "unread_count": 1
}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHalfASurrogatePairIsReplacedWhereverItIs(t *testing.T) {
	t.Parallel()
	var after []string
	for name, before := range map[string]string{
		"in a text":                  `{"messages": [{"id": "1", "message": "a\ud83db"}]}`,
		"the low one":                `{"messages": [{"id": "1", "message": "a\uDE00b"}]}`,
		"in a message's name":        `{"messages": [{"x\ud83d": 1}]}`,
		"deep in a message":          `{"messages": [{"id": "1", "x": [{"y": ["\ude00\ud83d"]}]}]}`,
		"in the document":            `{"note": "\udfff", "messages": []}`,
		"in the document's names":    `{"\udfff": 1, "messages": []}`,
		"in a list":                  `[{"message": "\ud800"}]`,
		"before a whole pair":        `{"messages": [{"message": "\ud83d\ud83d\ude00"}]}`,
		"in the list that is hidden": `{"messages": [{"x": "\ud83d"}], "messages": []}`,
	} {
		dir := put(t, before)
		must(t, at(dir, Options{}).Deliver(t.Context(), letter("x")))
		if !strings.Contains(inbox(t, dir), `\ufffd`) {
			t.Errorf("%s: nothing replaced in\n%s", name, inbox(t, dir))
		}
		after = append(after, inbox(t, dir))
	}
	pythonWrites(t, after...) // could not write half a pair
}

func TestWholeSurrogatePairsAndEscapedBackslashesStay(t *testing.T) {
	t.Parallel()
	raw := `{"a": "\ud83d\ude00 \\ud83d \\\ud83d\ude00", "half": "\ud83d"}`
	dir := put(t, `{"messages": [`+raw+`]}`)
	must(t, at(dir, Options{}).Deliver(t.Context(), letter("x")))
	if got, want := raws(t, dir)[1], strings.Replace(raw, `"half": "\ud83d"`, `"half": "\ufffd"`, 1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnEditThatChangesNothingWritesNothing(t *testing.T) {
	t.Parallel()
	for name, before := range shapes {
		dir := put(t, before)
		changes, err := at(dir, Options{}).Update(t.Context(), func(*Doc) error { return nil })
		if err != nil || len(changes) > 0 || inbox(t, dir) != before {
			t.Errorf("%s: got %v, %v and\n%s", name, changes, err, inbox(t, dir))
		}
	}
}
