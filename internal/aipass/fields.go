package aipass

import "github.com/aiosai/aipass-exporter/internal/jsonfile"

// fields reads the members of the object that comes next into the values that
// want names for them; of two of one name Python sees the last.
func fields(d *jsonfile.Decoder, want func(name string) *jsonfile.Value) error {
	return d.Object(func(name string) (err error) {
		if into := want(name); into != nil {
			*into, err = d.Value()
		}
		return err
	})
}

// text is a string's text, "" for anything else.
func text(v jsonfile.Value) string {
	if v.Kind != jsonfile.String {
		return ""
	}
	return v.Text
}
