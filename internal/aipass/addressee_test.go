package aipass

import (
	"errors"
	"path/filepath"
	"testing"
)

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

func TestNamesAreToldApartWhateverTheirCase(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "FLOW", "path": "f"}]}
`))
	if b := s.Named("flow"); b == nil || b.Name != "FLOW" {
		t.Errorf("flow is %v", b)
	}
	if b := s.Named("FLO"); b != nil {
		t.Errorf("FLO is %s", b.Name)
	}
}

// A look at addresses opens no mailbox, and still knows which one is in use.
func TestAddressesAreLookedUpWithoutTheMail(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "OLD", "path": "old"}, {"name": "NEW", "path": "new"}, {"name": "BOTH", "path": "both"}, {"name": "NONE", "path": "none"}, {"name": "OUT", "path": "/etc"}]}
-- old/ai_mail.local/inbox.json --
broken
-- new/.ai_mail.local/inbox.json --
broken
-- both/.ai_mail.local/inbox.json --
-- both/ai_mail.local/inbox.json --
-- none/README.md --
`)
	s := open(t, root, Options{}).Addresses().Snapshot(t.Context())
	if !s.Registry.OK() || s.Incomplete != nil {
		t.Fatalf("registry %v, incomplete %v", s.Registry.Err, s.Incomplete)
	}
	for name, want := range map[string]string{
		"OLD": "old/ai_mail.local", "NEW": "new/.ai_mail.local", "BOTH": "both/.ai_mail.local", "NONE": "none/.ai_mail.local",
	} {
		b := s.Named(name)
		if got, _ := filepath.Rel(root, b.MailboxDir()); got != want || !b.Directory.OK() {
			t.Errorf("%s: %s, %v, want %s", name, got, b.Directory.Err, want)
		}
		if !errors.Is(b.Inbox.Err, errNotAsked) {
			t.Errorf("%s: the inbox is %v, want nobody to have looked", name, b.Inbox.Err)
		}
	}
	if out := s.Named("OUT"); !errors.Is(out.Directory.Err, ErrOutsideRoot) {
		t.Errorf("OUT is %v", out.Directory.Err)
	}
}
