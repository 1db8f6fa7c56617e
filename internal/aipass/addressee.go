package aipass

import (
	"os"
	"path/filepath"
	"strings"
)

// Addresses is the same host, for looks at who can get mail: the registry, and
// in which layout each branch's mailbox is. No mailbox is opened; every file of
// a branch is left Unreadable, which is no fault of the host's.
func (t Tree) Addresses() Tree {
	t.options.MailOnly, t.addressesOnly = true, true
	return t
}

// mailboxLayout is that of the mailbox that is there, else of the registry.
func mailboxLayout(dir string, first Layout) Layout {
	for _, l := range [...]Layout{first, first.other()} {
		if _, err := os.Lstat(filepath.Join(dir, mailboxDir(l), InboxFile)); err == nil {
			return l
		}
	}
	return first
}

// Addressee is the branch that mail to an address goes to, nil if nobody is
// registered with it. Addresses are told apart by case; of two branches that
// share one AIPass delivers to the one that is registered last.
func (s *Snapshot) Addressee(address string) *Branch {
	var found *Branch
	for i := range s.Branches {
		b := &s.Branches[i]
		if b.Address() != address {
			continue
		}
		if found == nil || found.order < b.order {
			found = b
		}
	}
	return found
}

// Address is the branch's, with the @ that some registries leave out.
func (e *Entry) Address() string { return "@" + strings.TrimPrefix(e.Email, "@") }

// Named is the branch of a name, nil if there is none. The registries tell
// names apart whatever their case.
func (s *Snapshot) Named(name string) *Branch {
	for i := range s.Branches {
		if b := &s.Branches[i]; strings.EqualFold(b.Name, name) {
			return b
		}
	}
	return nil
}
