package event

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var memory = Event{"memory_threshold_exceeded", []Field{Text("branch", "DRONE"), Number("line_count", 612)}}

func TestWordsEndAtBlanksButNotInQuotes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"drone":                       {"drone"},
		"  drone \t @trigger\nfire  ": {"drone", "@trigger", "fire"},
		`a 'b c' "d e"`:               {"a", "b c", "d e"},
		`a 'it"s' "it's"`:             {"a", `it"s`, "it's"},
		`a x'y z'"'"w`:                {"a", "xy z'w"},
		`a '' ""`:                     {"a", "", ""},
		`a $HOME *.json \n ~ ; | &`:   {"a", "$HOME", "*.json", `\n`, "~", ";", "|", "&"},
		`a 'ü ö'ß`:                    {"a", "ü öß"},
	} {
		c, err := Parse(text)
		if diff := cmp.Diff(want, c.Argv(Event{})); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", text, err, diff)
		}
	}
}

func TestAnEventIsPutIntoItsPlaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"drone @trigger fire {event} {fields}": {"drone", "@trigger", "fire", "memory_threshold_exceeded", "branch=DRONE", "line_count=612"},
		"a --name={event}/{event}":             {"a", "--name=memory_threshold_exceeded/memory_threshold_exceeded"},
		"a '{json}'":                           {"a", `{"branch": "DRONE", "line_count": 612}`},
		"a {fields} -- {json} z":               {"a", "branch=DRONE", "line_count=612", "--", `{"branch": "DRONE", "line_count": 612}`, "z"},
		"a {other} {} {f}":                     {"a", "{other}", "{}", "{f}"},
	} {
		c, err := Parse(text)
		if diff := cmp.Diff(want, c.Argv(memory)); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", text, err, diff)
		}
	}
}

func TestACommandThatCannotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                    "names no program",
		" \t":                 "names no program",
		"'' a":                "names no program",
		"a 'b":                "a ' is opened",
		`a "b'`:               `a " is opened`,
		"{event} a":           "program cannot be {event}",
		"x{fields} a":         "program cannot be {fields}",
		"{json}":              "program cannot be {json}",
		"a --fields={fields}": "{fields} has to be a word of its own",
		"a ' {json}'":         "{json} has to be a word of its own",
		"a \x00":              "NUL",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A value is a part of its own word, whatever it is made of.
func TestAValueNeverBecomesAnotherWord(t *testing.T) {
	t.Parallel()
	c, err := Parse("a {event} {fields} {json}")
	if err != nil {
		t.Fatal(err)
	}
	for value, safe := range map[string]string{
		"--delete all":          "--delete all",
		`'; rm -rf "$HOME" #`:   `'; rm -rf "$HOME" #`,
		"{fields} {json}":       "{fields} {json}",
		"a\nfire=b\x00c\td\x1b": "a fire=b c d ",
		"\u202eevil\u200b":      " evil ",
		"\xff":                  "�",
		"":                      "",
	} {
		got := c.Argv(Event{"e", []Field{Text("k", value), Text("l", "m")}})
		quoted := strings.ReplaceAll(safe, `"`, `\"`)
		want := []string{"a", "e", "k=" + safe, "l=m", `{"k": "` + quoted + `", "l": "m"}`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: -want +got:\n%s", value, diff)
		}
	}
}

func TestALongValueIsCut(t *testing.T) {
	t.Parallel()
	e := Event{"e", []Field{Text("k", strings.Repeat("é", 10*maxValue))}}
	if want := "k=" + strings.Repeat("é", maxValue-1) + "…"; e.words()[0] != want {
		t.Errorf("got %d bytes", len(e.words()[0]))
	}
}

// Whatever words there are, in quotes they come back.
func FuzzQuotedWordsComeBack(f *testing.F) {
	f.Add("a", "b c")
	f.Add(`it's`, `"`)
	f.Add(`'"'`, "\\ \u2028\t")
	f.Fuzz(func(t *testing.T, first, second string) {
		want := []string{"program", strings.ToValidUTF8(first, "�"), strings.ToValidUTF8(second, "�")}
		for _, word := range want {
			if strings.ContainsAny(word, "{\x00") {
				t.Skip("not a plain word")
			}
		}
		c, err := Parse(quote(want[0]) + " " + quote(want[1]) + "\t" + quote(want[2]))
		if diff := cmp.Diff(want, c.Argv(Event{})); err != nil || diff != "" {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
	})
}

func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'" }
