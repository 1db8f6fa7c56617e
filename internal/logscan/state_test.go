package logscan

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

var exported = cmp.AllowUnexported(state{}, directory{}, checkpoint{}, fingerprint{})

func encoded(t *testing.T, s state) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := s.encode(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func oddState() state {
	s := newState("/home/caf\xe9 \"100%\"\n")
	s.totals["A\u00e4 \\ B"] = scopes{aipass.BranchScope: {
		Messages: [5]int64{1, 2, 3, 4, 1 << 62}, Read: 5, Lost: 6, Rotations: 7, LastError: 8,
	}}
	s.totals[""] = scopes{aipass.SystemScope: {Rotations: 1}}
	s.left["A\u00e4 \\ B"] = 7
	s.dirs["/logs \x00\xff"] = directory{gone: 9, files: []checkpoint{
		{name: "caf\xe9.log", dev: -1, ino: -2, size: 3, offset: 3, changed: -4, print: fingerprint{-5, 1 << 62}, inside: true, cut: true, gone: 6},
		{name: "empty.log"},
	}}
	s.dirs["/none"] = directory{}
	return s
}

func TestStateSurvivesBeingSaved(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]state{"empty": newState("/"), "odd": oddState()} {
		got, err := decode(bytes.NewReader(encoded(t, want)))
		if diff := cmp.Diff(want, got, exported); diff != "" || err != nil {
			t.Errorf("%s: %v, -want +got:\n%s", name, err, diff)
		}
	}
}

func TestStateThatNobodySavedIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{}`:                            "no version",
		`{"version": 2}`:                "version",
		`{"version": 1} {}`:             "",
		`[]`:                            "",
		`{"version": 1, "colour": 1}`:   "colour",
		`{"version": 1, "home": 1}`:     "name",
		`{"version": 1, "home": "%zz"}`: "escape",
		`{"version": 1, "dirs": [{"files": [{"offset": -1}]}]}`:           "below zero",
		`{"version": 1, "dirs": [{"files": [{"offset": 2, "size": 1}]}]}`: "beyond its end",
		`{"version": 1, "dirs": [{"files": [{"offset": 1.5}]}]}`:          "whole number",
		`{"version": 1, "dirs": [{"files": [{"offset": "1"}]}]}`:          "whole number",
		`{"version": 1, "totals": [{"scope": "world"}]}`:                  "world",
		`{"version": 1, "totals": [{"error": 9223372036854775808}]}`:      "whole number",
	} {
		if got, err := decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
}

// FuzzState wants what is accepted to come out again as it went in, and nothing
// that could make a counter fall.
func FuzzState(f *testing.F) {
	var odd bytes.Buffer
	if err := oddState().encode(&odd); err != nil {
		f.Fatal(err)
	}
	f.Add(odd.Bytes())
	f.Add([]byte(`{"version": 1, "home": "/", "totals": [], "dirs": []}`))
	f.Add([]byte(`{"version": 1, "totals": [{"branch": "A", "scope": "branch", "error": 3}, {"branch": "A", "scope": "branch"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := decode(bytes.NewReader(text))
		if err != nil {
			return
		}
		// What is nothing is not saved.
		maps.DeleteFunc(s.totals, func(_ string, of scopes) bool { return of == scopes{} })
		maps.DeleteFunc(s.left, func(branch string, _ int64) bool { return s.totals[branch] == scopes{} })
		again, err := decode(bytes.NewReader(encoded(t, s)))
		if diff := cmp.Diff(s, again, exported); diff != "" || err != nil {
			t.Errorf("%v, -first +second:\n%s", err, diff)
		}
		for branch, of := range s.totals {
			for _, field := range append(fieldsOf(&of[0]), fieldsOf(&of[1])...) {
				if *field.at < 0 {
					t.Errorf("%s: %s is %d", branch, field.name, *field.at)
				}
			}
		}
	})
}
