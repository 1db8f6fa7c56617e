package mailbox

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mail is shown through Rich markup and read by agents, so text that comes
// from elsewhere must neither break a listing nor hide what it says.

// Quote makes one line in quotes of a text that somebody else wrote, cut
// after so many code points. Brackets become round, for in a subject they would
// be markup, and quotes single, so that the end of the quote is the end.
func Quote(text string, length int) string {
	text = strings.NewReplacer("[", "(", "]", ")", `"`, "'", `\`, "/").Replace(Line(text))
	return `"` + Cut(text, length) + `"`
}

// Cut is a text of at most so many code points, with an ellipsis where the rest
// would be.
func Cut(text string, length int) string {
	if utf8.RuneCountInString(text) > length {
		text = string([]rune(text)[:length-1]) + "…"
	}
	return text
}

// Line is a text on one line, without what does not print and without markup.
func Line(text string) string {
	return strings.Join(strings.Fields(Text(text)), " ")
}

// Text is a text without markup and without what does not print: control
// characters, those that change the direction of writing, those of no width.
func Text(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return markup.ReplaceAllStringFunc(text, func(tag string) string {
		if plain.MatchString(tag) {
			return tag
		}
		return "(" + tag[1:]
	})
}

var (
	// markup is the bracket that Rich could take for the beginning of a tag.
	markup = regexp.MustCompile(`\[[^\[\]\n]*\]?`)
	// plain is what it prints as it is, such as [SCHEDULED].
	plain = regexp.MustCompile(`^\[[A-Z0-9][A-Z0-9 _-]*\]$`)
)
