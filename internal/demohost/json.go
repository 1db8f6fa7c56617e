package demohost

import (
	"encoding/json"
	"strings"
)

// encode writes a document as json.dump(v, f, indent=2, ensure_ascii=False)
// does: two spaces, nothing escaped for HTML, no newline at the end.
func encode(v any) (string, error) {
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// encodeLine writes a flat object as json.dumps(v) does: on one line, with a
// blank after each comma and colon.
func encodeLine(v any) (string, error) {
	text, err := encode(v)
	if err != nil {
		return "", err
	}
	// Line breaks inside of strings are escaped, so these are all layout.
	return strings.NewReplacer("{\n  ", "{", ",\n  ", ", ", "\n}", "}").Replace(text), nil
}
