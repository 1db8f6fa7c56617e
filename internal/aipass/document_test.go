package aipass

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDocumentThatPythonWouldNotLoadIsMalformedAndNobodyElses(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"empty":                   "",
		"cut off":                 `{"messages": [{"status": "new"}, {"sta`,
		"byte order mark":         "\ufeff{}",
		"UTF-16":                  "\xff\xfe{\x00}\x00",
		"Latin-1":                 "{\"subject\": \"caf\xe9\"}",
		"lone high surrogate":     `{"subject": "\ud83d"}`,
		"lone low surrogate":      `{"subject": "\ude00 \ud83d"}`,
		"zeros, as after a crash": strings.Repeat("\x00", 4096),
		"nested beyond reason":    `{"a":` + strings.Repeat("[", 1_000_000),
		"a merge conflict":        "{}\n<<<<<<< HEAD\n{}\n",
		"a comment":               "{} // mine",
		"single quotes":           "{'messages': []}",
		"a text":                  `"hello"`,
	}
	for name, content := range contents {
		for _, label := range []string{"inbox", "local", "observations", "identity", "dashboard"} {
			t.Run(name+" in "+label, func(t *testing.T) {
				t.Parallel()
				root := lay(t, healthyAndHostile)
				put(t, filepath.Join(root, hostileFiles[label]), content)
				s := look(t, root)
				wantHealthy(t, s)
				if diff := cmp.Diff(map[string]State{label: Malformed}, states(branch(t, s, "HOSTILE"))); diff != "" {
					t.Error("-want +got:\n", diff)
				}
			})
		}
	}
}

func TestDocumentThatPythonLoadsIsRead(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"NaN and Infinity": `{"a": [NaN, Infinity, -Infinity]}`,
		"duplicate keys":   `{"a": 1, "a": {"a": 2, "a": 3}}`,
		"a big integer":    `{"a": 1` + strings.Repeat("0", 4000) + `}`,
		"a big exponent":   `{"a": 1e999999}`,
		"surrogate pairs":  `{"a": "\ud83d\ude00"}`,
		"DEL and NEL":      "{\"a\": \"\x7f\u0085\u2028\"}",
		"NUL, escaped":     `{"a": "\u0000"}`,
		"a long text":      `{"a": "` + strings.Repeat("x", 1<<20) + `"}`,
		"900 levels":       `{"a": ` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}`,
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := lay(t, healthyAndHostile)
			for _, label := range []string{"inbox", "local", "observations", "identity", "dashboard"} {
				put(t, filepath.Join(root, hostileFiles[label]), content)
			}
			s := look(t, root)
			wantHealthy(t, s)
			if bad := states(branch(t, s, "HOSTILE")); len(bad) != 0 {
				t.Errorf("got %v, want every file", bad)
			}
		})
	}
}
