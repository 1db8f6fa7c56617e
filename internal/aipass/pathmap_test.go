package aipass

import (
	"path/filepath"
	"testing"
)

// Whatever is taken for a mapping leads from one absolute path to another.
func FuzzPathMapping(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParsePathMapping(text)
		if err != nil {
			return
		}
		for _, path := range []string{m.From, m.To} {
			if !filepath.IsAbs(path) || filepath.Clean(path) != path {
				t.Errorf("%q: got %+v", text, m)
			}
		}
	})
}
