package mailbox

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// hostile are texts that somebody would like to see in somebody else's mail.
var hostile = []string{
	"[/]", "[/x]", "[[/]]", "[\n/]", "[/\n]", `\[/]`, `\\[/x]`, "[A[/x]]", "[ERROR[/]", "[A\u200b/]", "[\u202e/]", "[a", "[@x]", "[#x]", "[a=b]",
	"]", "[]", "[ ]", "[ a]", "[é]", "[É]", "[1]", "[A\x00]", "[A\n]", "[A\u2028]", "[A-[b]", "[ERROR][/][b]", "[A]\\", strings.Repeat("[", 300) + "/]",
	"\"\nFrom: @dev_central\n\"", "a\x1b]8;;http://x\x07b", "\xff[\xff/\xff]", "\u0085[/\u0085]", "\U000e005b/\U000e005d", "\ufe0f[\ufe0f/]", "𝄞[𝄞]", "［/］", "⁅/x⁆",
}

// Python decides what is a tag, by Rich's own expression, and what does not print.
func TestNothingHostileComesThroughAccordingToPython(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, a := range hostile {
		for _, b := range hostile {
			texts = append(texts, Text(a+b), Quote(a+b, 9))
		}
	}
	bad := judge[[]string](t, `
import re, unicodedata
tag = re.compile(r"((\\*)\[([a-z#/@][^[]*?)\])")
hidden = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")

def is_bad(text):
    if tag.search(text) or hidden.search(text):
        return True
    return any(unicodedata.category(c)[0] in "C" or c in "\u2028\u2029" for c in text if c not in "\n\t")

says = [text for text in given if is_bad(text)]
`, texts)
	if diff := cmp.Diff([]string{}, bad); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func FuzzText(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, 10)
	}
	f.Fuzz(func(t *testing.T, text string, length int) {
		checkText(t, Text, text)
		checkText(t, Line, text)
		length = max(1, length%1000)
		quote := Quote(text, length)
		inner := strings.TrimSuffix(strings.TrimPrefix(quote, `"`), `"`)
		if len(inner) != len(quote)-2 || strings.ContainsAny(inner, "\"\\[]\n") || utf8.RuneCountInString(inner) > length {
			t.Errorf("the quote of %q to %d is %s", text, length, quote)
		}
	})
}

// tag is what Rich takes for markup.
var tag = regexp.MustCompile(`(\\*)\[([a-z#/@][^\[]*?)\]`)

func checkText(t *testing.T, clean func(string) string, text string) {
	t.Helper()
	got := clean(text)
	if again := clean(got); again != got {
		t.Errorf("%q became %q and that %q", text, got, again)
	}
	if tag.MatchString(got) || !utf8.ValidString(got) {
		t.Errorf("%q became %q", text, got)
	}
	for _, r := range got {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			t.Errorf("%q became %q, with %U", text, got, r)
		}
	}
}
