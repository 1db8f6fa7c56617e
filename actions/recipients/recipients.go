// Package recipients says whose mailbox gets what is meant for a role. The two
// generations of AIPass call their roles differently, so a role has several
// addresses, and the first that somebody is registered with is it.
//
// It opens no mailbox and delivers nothing.
package recipients

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// The roles. Which address plays them is for flags to say.
const (
	Assistant  = "assistant"   // looks after the host's health
	DevCentral = "dev_central" // the human, who gets reports and what can lose data
)

// ErrNobody says that no address of a role is registered.
var ErrNobody = errors.New("nobody is registered with it")

// Addresses are those of a role, in the order in which they are tried. The
// pointer is a flag's value.
type Addresses []string

// Set reads addresses with commas between them.
func (a *Addresses) Set(list string) error {
	var addresses Addresses
	for address := range strings.SplitSeq(list, ",") {
		address = strings.TrimSpace(address)
		if err := checkAddress(address); err != nil {
			return err
		}
		addresses = append(addresses, address)
	}
	*a = addresses
	return nil
}

func (a *Addresses) String() string { return strings.Join(*a, ",") }

func checkAddress(address string) error {
	if name, isAddress := strings.CutPrefix(address, "@"); !isAddress || name == "" || strings.ContainsAny(name, "@ \t\r\n") {
		return fmt.Errorf("%q is no address, want one such as @assistant", address)
	}
	return nil
}

// Registered lists the branches with one of the addresses, the first choice
// first.
func (a Addresses) Registered(s *aipass.Snapshot) []*aipass.Branch {
	var branches []*aipass.Branch
	for _, address := range a {
		if b := s.Addressee(address); b != nil && !slices.Contains(branches, b) {
			branches = append(branches, b)
		}
	}
	return branches
}

// Roles are the addresses of each role, by its name.
type Roles map[string]*Addresses

// Find is the branch that gets what is for a role, or for an address.
func (r Roles) Find(s *aipass.Snapshot, to string) (*aipass.Branch, error) {
	addresses, err := r.addresses(to)
	if err != nil {
		return nil, err
	}
	branches := addresses.Registered(s)
	if len(branches) == 0 {
		return nil, fmt.Errorf("%s (%s): %w", to, strings.Join(addresses, ", "), ErrNobody)
	}
	return branches[0], nil
}

// trigger is whom automatic mail is from, in both generations of AIPass.
const trigger = "@trigger"

// From is whom automatic mail to a branch is from: where nobody is registered
// as @trigger the branch itself, for nobody can reply to another.
func From(s *aipass.Snapshot, to *aipass.Branch) string {
	if s.Addressee(trigger) != nil {
		return trigger
	}
	return to.Address()
}

// Check says whether there is such a role, or could be such an address.
func (r Roles) Check(to string) error {
	_, err := r.addresses(to)
	return err
}

func (r Roles) addresses(to string) (Addresses, error) {
	if role, is := r[to]; is {
		return *role, nil
	}
	if !strings.HasPrefix(to, "@") {
		return nil, fmt.Errorf("%q is neither a role (%s) nor an address such as @assistant", to, strings.Join(slices.Sorted(maps.Keys(r)), ", "))
	}
	return Addresses{to}, checkAddress(to)
}
