package aipass

import "testing"

func TestMailGoesToWhoIsRegisteredLast(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [
  {"name": "ZEBRA", "path": "z", "email": "@flow"},
  {"name": "FLOW", "path": "f"},
  {"name": "APE", "path": "a", "email": "@flow"},
  {"name": "BARE", "path": "b", "email": "bare"}
]}
`))
	for address, want := range map[string]string{"@flow": "APE", "@bare": "BARE", "@Flow": "", "flow": "", "@zebra": "", "": ""} {
		got := ""
		if b := s.Addressee(address); b != nil {
			got = b.Name
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
