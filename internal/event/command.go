package event

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// What is replaced in a command.
const (
	nameMark   = "{event}"  // within a word
	fieldsMark = "{fields}" // a whole word; becomes a word key=value for each field
	jsonMark   = "{json}"   // a whole word; becomes one word, an object of all fields
)

// A Command is a program and its arguments, with places for an event.
type Command struct{ words []string }

// Parse splits a command into its words. They end at blanks, but not in '…' or
// "…", in which everything stands for itself. Nothing else means anything: no
// variables, no patterns, no backslashes.
func Parse(text string) (Command, error) {
	words, err := split(text)
	if err != nil {
		return Command{}, fmt.Errorf("event command %q: %w", text, err)
	}
	if err := check(words); err != nil {
		return Command{}, fmt.Errorf("event command %q: %w", text, err)
	}
	return Command{words}, nil
}

func split(text string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, begun = r, true
		case quote == 0 && unicode.IsSpace(r):
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is opened and not closed", quote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

func check(words []string) error {
	if len(words) == 0 || words[0] == "" {
		return errors.New("it names no program")
	}
	for i, word := range words {
		if strings.ContainsRune(word, 0) {
			return errors.New("a NUL cannot be said to a program")
		}
		for _, mark := range [...]string{nameMark, fieldsMark, jsonMark} {
			if i == 0 && strings.Contains(word, mark) {
				return fmt.Errorf("the program cannot be %s", mark)
			}
			if mark != nameMark && word != mark && strings.Contains(word, mark) {
				return fmt.Errorf("%s has to be a word of its own", mark)
			}
		}
	}
	return nil
}

// Argv is what to start for an event.
func (c Command) Argv(e Event) []string {
	var argv []string
	for _, word := range c.words {
		switch word {
		case fieldsMark:
			argv = slices.Concat(argv, e.words())
		case jsonMark:
			argv = append(argv, e.object())
		default:
			argv = append(argv, strings.ReplaceAll(word, nameMark, e.Name))
		}
	}
	return argv
}
