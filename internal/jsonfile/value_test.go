package jsonfile_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func valueOf(t *testing.T, text string) jsonfile.Value {
	t.Helper()
	d := jsonfile.NewDecoder(strings.NewReader(text))
	v, err := d.Value()
	if err == nil {
		err = d.End()
	}
	if err != nil {
		t.Fatalf("%.60s: %v", text, err)
	}
	return v
}

func TestAValueIsWhatItSays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]jsonfile.Value{
		`null`:           {Kind: jsonfile.Null},
		`true`:           {Kind: jsonfile.Bool, Truthy: true},
		`false`:          {Kind: jsonfile.Bool},
		`""`:             {Kind: jsonfile.String},
		`"0"`:            {Kind: jsonfile.String, Text: "0", Truthy: true},
		`"false"`:        {Kind: jsonfile.String, Text: "false", Truthy: true},
		`"\u0000"`:       {Kind: jsonfile.String, Text: "\x00", Truthy: true},
		`[]`:             {Kind: jsonfile.Array},
		` [ ] `:          {Kind: jsonfile.Array},
		`[null]`:         {Kind: jsonfile.Array, Truthy: true},
		`[[]]`:           {Kind: jsonfile.Array, Truthy: true},
		`{}`:             {Kind: jsonfile.Object},
		`{"": null}`:     {Kind: jsonfile.Object, Truthy: true},
		`0`:              {Kind: jsonfile.Number, Text: "0"},
		`-0`:             {Kind: jsonfile.Number, Text: "-0"},
		`0.0`:            {Kind: jsonfile.Number, Text: "0.0"},
		`0e5`:            {Kind: jsonfile.Number, Text: "0e5"},
		`-0.00E+17`:      {Kind: jsonfile.Number, Text: "-0.00E+17"},
		`0.001`:          {Kind: jsonfile.Number, Text: "0.001", Truthy: true},
		`-1`:             {Kind: jsonfile.Number, Text: "-1", Truthy: true},
		`10`:             {Kind: jsonfile.Number, Text: "10", Truthy: true},
		`5e-324`:         {Kind: jsonfile.Number, Text: "5e-324", Truthy: true},
		`1e-400`:         {Kind: jsonfile.Number, Text: "1e-400"},
		`1e999`:          {Kind: jsonfile.Number, Text: "1e999", Truthy: true},
		`NaN`:            {Kind: jsonfile.Number, Text: "NaN", Truthy: true},
		`Infinity`:       {Kind: jsonfile.Number, Text: "Infinity", Truthy: true},
		`-Infinity`:      {Kind: jsonfile.Number, Text: "-Infinity", Truthy: true},
		`"\ud83e\udd89"`: {Kind: jsonfile.String, Text: "🦉", Truthy: true},
	} {
		if diff := cmp.Diff(want, valueOf(t, text)); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

func TestTheTextOfAStringIsWhatItMeans(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		text := randomText(random, random.IntN(200))
		for _, written := range spellings(t, text) {
			if got := valueOf(t, written).Text; got != text {
				t.Fatalf("%s: got %q, want %q", written, got, text)
			}
		}
	}
}

func TestALongTextIsCutAt4KiBBetweenRunes(t *testing.T) {
	t.Parallel()
	for _, tail := range []string{"abcdef", "ébcdef", "a€cdef", "🦉🦉cd", "\nbcd", "a\x00é€🦉", "\\\"/"} {
		for size := maxText - 8; size <= maxText+1; size++ {
			text := strings.Repeat("x", size) + tail
			for _, written := range spellings(t, text) {
				v := valueOf(t, written)
				if v.Text != cut(text) {
					t.Errorf("%d x and %q: got %d bytes ending in %q, want %d ending in %q", size, tail,
						len(v.Text), v.Text[maxText-12:], len(cut(text)), cut(text)[maxText-12:])
				}
			}
		}
	}
}

func TestALongTextOfWideRunesIsCutBetweenRunes(t *testing.T) {
	t.Parallel()
	for _, r := range []string{"é", "€", "🦉"} {
		for shift := range 4 {
			text := strings.Repeat("x", shift) + strings.Repeat(r, maxText)
			for _, written := range spellings(t, text) {
				if got, want := valueOf(t, written).Text, cut(text); got != want {
					t.Errorf("%d x and %s: got %d bytes, want %d", shift, r, len(got), len(want))
				}
			}
		}
	}
}

func TestTheRestOfALongStringIsCheckedAllTheSame(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*maxText)
	for text, want := range map[string]error{
		`"` + long + "\xff\"":         notUTF8,
		`"` + long + `\ud83d"`:        lone,
		`"` + long + "\n\"":           refused,
		`"` + long + `\x"`:            refused,
		`"` + long:                    refused,
		`{"` + long + "\xff\": null}": notUTF8,
	} {
		_, err := jsonfile.NewDecoder(strings.NewReader(text)).Value()
		wantError(t, err, want)
	}
}

func TestALongNameIsCutToo(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(strings.NewReader(`{"` + strings.Repeat("x", maxText-1) + `é": 1, "short": 2}`))
	var got []int
	err := d.Object(func(name string) error {
		got = append(got, len(name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{maxText - 1, len("short")}, got); diff != "" {
		t.Error(diff)
	}
}

func TestALongNumberIsCutAndNotZero(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Repeat("7", 2*maxText) + ".5",
		strings.Repeat("7", maxText-1) + "e5", // what is kept ends in the e
	} {
		if v := valueOf(t, text); v.Text != text[:maxText] || !v.Truthy {
			t.Errorf("got %d bytes, truthy %t; want %d, true", len(v.Text), v.Truthy, maxText)
		}
	}
}

// cut is what of a text a Value keeps.
func cut(text string) string {
	n := 0
	for i, r := range text {
		if i+utf8.RuneLen(r) > maxText {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return text[:n]
}

// spellings writes a string as encoding/json does, with and without its HTML
// escapes, and in escapes only.
func spellings(t *testing.T, text string) []string {
	t.Helper()
	html, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var plain strings.Builder
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		t.Fatal(err)
	}
	return []string{string(html), plain.String(), escaped(text)}
}

// escaped writes every rune as Python's ensure_ascii does those beyond ASCII.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x10000 {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		fmt.Fprintf(&b, `\u%04X\u%04X`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
	}
	return `"` + b.String() + `"`
}

func randomText(random *rand.Rand, runes int) string {
	var b strings.Builder
	for range runes {
		limit := []int{0x80, 0x800, 0x10000, 0x110000}[random.IntN(4)]
		if r := rune(random.IntN(limit)); utf8.ValidRune(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
