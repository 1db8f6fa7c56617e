package actions

// Notifications count what became of alerts that were to become mail.
type Notifications struct {
	Branches map[string]NotificationTotals `json:"branches"` // of those in the registry
}

// NotificationTotals only grow.
type NotificationTotals struct {
	Delivered int `json:"delivered_total"` // in a message that is new
	Updated   int `json:"updated_total"`   // in a message that was there
	Resolved  int `json:"resolved_total"`
	Duplicate int `json:"duplicate_total"` // known already
	Folded    int `json:"folded_total"`    // into the digest of a storm
	Failed    int `json:"failed_total"`    // not on disk
}

// Add counts what became of alerts to a branch.
func (n *Notifications) Add(branch string, t NotificationTotals) {
	if n.Branches == nil {
		n.Branches = map[string]NotificationTotals{}
	}
	n.Branches[branch] = n.Branches[branch].Plus(t)
}

// Register makes the branches those of the registry, as MailCleanup.Register
// does.
func (n *Notifications) Register(branches []string) {
	known := n.Branches
	n.Branches = make(map[string]NotificationTotals, len(branches))
	for _, name := range branches {
		n.Branches[name] = known[name]
	}
}

// Plus adds two.
func (t NotificationTotals) Plus(u NotificationTotals) NotificationTotals {
	return NotificationTotals{
		Delivered: t.Delivered + u.Delivered, Updated: t.Updated + u.Updated, Resolved: t.Resolved + u.Resolved,
		Duplicate: t.Duplicate + u.Duplicate, Folded: t.Folded + u.Folded, Failed: t.Failed + u.Failed,
	}
}

func notificationFamilies() []Family {
	return []Family{
		counter("aipass_notifications_total", "Alerts to the branch, by what became of them.", func(s *State, e emit) {
			for branch, t := range s.Notifications.Branches {
				e(float64(t.Delivered), branch, "delivered")
				e(float64(t.Updated), branch, "updated")
				e(float64(t.Resolved), branch, "resolved")
				e(float64(t.Duplicate), branch, "duplicate")
				e(float64(t.Folded), branch, "folded")
				e(float64(t.Failed), branch, "failed")
			}
		}, "branch", "outcome"),
	}
}
