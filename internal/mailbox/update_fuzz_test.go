package mailbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// FuzzUpdate does to any inbox what this package can do to one, and holds the
// outcome against encoding/json where that can read the inbox: unlike Python it
// knows no names for numbers. The seeds stand in testdata/fuzz.
func FuzzUpdate(f *testing.F) {
	for _, text := range shapes {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, before []byte) {
		dir := put(t, string(before))
		err := at(dir, Options{}).Deliver(t.Context(), letter("x"))
		if err != nil {
			wantUntouched(t, dir, before, err)
			return
		}
		jsonfile.ReplaceLoneSurrogates(before)
		want, known := messagesOf(before)
		got := raws(t, dir)
		if known && !slices.Equal(want, got[1:]) {
			t.Fatalf("-want +got:\n%s", cmp.Diff(want, got[1:]))
		}
		wantWhole(t, dir)
		wantChangedAlone(t, dir, got)
	})
}

func wantUntouched(t *testing.T, dir string, before []byte, err error) {
	t.Helper()
	if !errors.Is(err, jsonfile.ErrMalformed) {
		t.Fatalf("got %v, want %v", err, jsonfile.ErrMalformed)
	}
	if got := inbox(t, dir); got != string(before) {
		t.Fatalf("got %v, and %q", err, got)
	}
}

// messagesOf is the mail of an inbox, as spelled, or not known.
func messagesOf(text []byte) (messages []string, known bool) {
	if !json.Valid(text) {
		return nil, false
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		var members map[string]json.RawMessage
		if json.Unmarshal(text, &members) != nil {
			return nil, false
		}
		value, ok := members["messages"]
		if !ok {
			value = members["inbox"]
		}
		if value != nil && json.Unmarshal(value, &list) != nil {
			return nil, false
		}
	}
	for _, raw := range list {
		messages = append(messages, string(raw))
	}
	return messages, true
}

// wantWhole wants an inbox that Python reads and that would be written again as
// it is.
func wantWhole(t *testing.T, dir string) {
	t.Helper()
	text := inbox(t, dir)
	d := jsonfile.NewDecoder(bytes.NewReader([]byte(text)))
	if err := errors.Join(d.Skip(), d.End()); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	_, err := at(dir, Options{}).Look(t.Context(), func(d *Doc) error {
		for range 2 {
			if again := string(d.Bytes()); again != text {
				t.Fatalf("-on disk +written again:\n%s", cmp.Diff(text, again))
			}
		}
		return nil
	})
	must(t, err)
}

// wantChangedAlone opens the first of three messages, archives the second, and
// wants the others as they were.
func wantChangedAlone(t *testing.T, dir string, before []string) {
	t.Helper()
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		for i, m := range d.Messages() {
			switch i % 3 {
			case 0:
				must(t, d.Open(m, Field{AutoOpenedMember, "true"}))
			case 1:
				must(t, d.Archive(m))
			}
		}
		return nil
	})
	must(t, err)
	wantWhole(t, dir)
	after := raws(t, dir)
	for i, raw := range before {
		if i%3 == 1 {
			continue
		}
		if i%3 == 2 && after[0] != raw {
			t.Fatalf("message %d was %s and is %s", i, raw, after[0])
		}
		after = after[1:]
	}
	if len(before) > 1 {
		for name, text := range archives(t, dir) {
			if _, err := parseMessage([]byte(text), now.Location()); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
		}
	}
}
