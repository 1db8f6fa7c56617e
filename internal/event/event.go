package event

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// maxValue is the longest value, in code points: all of them have to fit on a
// command line.
const maxValue = 1000

// An Event is something that has happened.
type Event struct {
	Name   string
	Fields []Field // in the order in which they are told
}

// A Field is a part of what there is to tell.
type Field struct {
	Key   string
	value string
	json  []byte
}

// Number is a field that counts something.
func Number(key string, n int) Field {
	text := strconv.Itoa(n)
	return Field{key, text, []byte(text)}
}

// Text is a field of words, on one line, which may come from the host.
func Text(key, text string) Field {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) { // a NUL could not even be said
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	if runes := []rune(text); len(runes) > maxValue {
		text = string(runes[:maxValue-1]) + "…"
	}
	quoted, _ := json.Marshal(text) // a string always can be
	return Field{key, text, quoted}
}

// String is the event as a person may read it.
func (e Event) String() string { return strings.Join(append([]string{e.Name}, e.words()...), " ") }

// words has one for each field.
func (e Event) words() []string {
	var words []string
	for _, f := range e.Fields {
		words = append(words, f.Key+"="+f.value)
	}
	return words
}

// object is the fields as JSON, in their order.
func (e Event) object() string {
	var members []string
	for _, f := range e.Fields {
		members = append(members, fmt.Sprintf("%q: %s", f.Key, f.json))
	}
	return "{" + strings.Join(members, ", ") + "}"
}
