package aipass

import "strings"

// Addressee is the branch that mail to an address goes to, nil if nobody is
// registered with it. Addresses are told apart by case; of two branches that
// share one AIPass delivers to the one that is registered last.
func (s *Snapshot) Addressee(address string) *Branch {
	var found *Branch
	for i := range s.Branches {
		b := &s.Branches[i]
		if "@"+strings.TrimPrefix(b.Email, "@") != address { // some registries leave it out
			continue
		}
		if found == nil || found.order < b.order {
			found = b
		}
	}
	return found
}
