package mailbox

import (
	"errors"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestWhatAIPassCannotReadIsRefusedAndStays(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"empty":                    ``,
		"white space":              " \n",
		"half":                     `{"messages": [{"id": "1", "sub`,
		"a byte order mark":        "\ufeff" + `{"messages": []}`,
		"not UTF-8":                "{\"messages\": [{\"subject\": \"caf\xe9\"}]}",
		"half a pair, and half":    `{"messages": [{"id": "\ud83d`,
		"something after it":       `{"messages": []} {}`,
		"something after a list":   `[]]`,
		"a text":                   `"inbox"`,
		"nothing":                  `null`,
		"no list":                  `{"messages": {}}`,
		"a list that is null":      `{"messages": null}`,
		"no old list":              `{"inbox": "none"}`,
		"a message that is null":   `{"messages": [{"id": "1"}, null]}`,
		"a message that is text":   `{"messages": ["hello"]}`,
		"a message that is a list": `[[]]`,
		"too deep":                 `{"messages": [{"x": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}]}`,
	} {
		dir := put(t, before)
		err := at(dir, Options{}).Deliver(t.Context(), letter("x"))
		if !errors.Is(err, jsonfile.ErrMalformed) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: got %v, want a malformed inbox and where it is", name, err)
		}
		if got := inbox(t, dir); got != before {
			t.Errorf("%s: became %s", name, got)
		}
	}
}
