package mailbox

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestOpeningIsWhatAIPassDoes(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [{"id": "1"}, {"id": "2", "read": false}, {"status": "new", "id": "3"}]}`)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			must(t, d.Open(m, Field{AutoOpenedMember, "true"}))
		}
		return nil
	})
	must(t, err)
	want := []string{
		`{"id": "1", "status": "opened", "read": true, "auto_opened": true}`,
		`{"id": "2", "read": true, "status": "opened", "auto_opened": true}`,
		`{"status": "opened", "id": "3", "read": true, "auto_opened": true}`,
	}
	if diff := cmp.Diff(want, raws(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAMessageIsNotReplacedByWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `null`, `[]`, `{"id": "1"`, `{"id": "1"} {}`, `{"id": "1"},`, "\ufeff{}", `{"x": "\ud83d"}`, "{\"x\": \"\xff\"}"} {
		dir := put(t, `{"messages": [{"id": "1"}]}`)
		before := inbox(t, dir)
		for name, edit := range map[string]func(*Doc) error{
			"replace": func(d *Doc) error { return d.Replace(d.Messages()[0], []byte(text)) },
			"restore": func(d *Doc) error { return d.Restore([]byte(text), 0) },
			"set":     func(d *Doc) error { return d.Set(d.Messages()[0], Field{"x", text}, Field{"y", "]"}) },
		} {
			if _, err := at(dir, Options{}).Update(t.Context(), edit); !errors.Is(err, jsonfile.ErrMalformed) {
				t.Errorf("%s %q: got %v, want it refused", name, text, err)
			}
			if inbox(t, dir) != before {
				t.Fatalf("%s %q: %s", name, text, inbox(t, dir))
			}
		}
	}
}

func TestARestoredMessageComesBackToItsPlaceCountedFromTheOldest(t *testing.T) {
	t.Parallel()
	for behind, want := range [][]string{
		{`{"id": "2"}`, `{"id": "1"}`, `{"id": "x"}`},
		{`{"id": "2"}`, `{"id": "x"}`, `{"id": "1"}`},
		{`{"id": "x"}`, `{"id": "2"}`, `{"id": "1"}`},
		{`{"id": "x"}`, `{"id": "2"}`, `{"id": "1"}`}, // there are not that many any more
	} {
		dir := put(t, `{"messages": [{"id": "2"}, {"id": "1"}]}`)
		_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error { return d.Restore([]byte(`{"id": "x"}`), behind) })
		must(t, err)
		if diff := cmp.Diff(want, raws(t, dir)); diff != "" {
			t.Errorf("%d behind it: -want +got:\n%s", behind, diff)
		}
	}
}

func TestARestoredMessageMayHaveWhiteSpaceAround(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		must(t, d.Restore([]byte("\n { \"id\": \"1\"}\r\n"), 0))
		return d.Set(d.Messages()[0], Field{"x", "1"})
	})
	must(t, err)
	if diff := cmp.Diff([]string{`{ "id": "1", "x": 1}`}, raws(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
