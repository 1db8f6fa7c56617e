package demohost

import (
	"fmt"
	"time"
)

// identity is the passport of a branch, the same in both generations as far as
// anybody reads it.
type identity struct {
	Branch identityBranch `json:"branch_info"`
	Role   string         `json:"role"`
}

type identityBranch struct {
	Name    string `json:"branch_name"`
	Path    string `json:"path"`
	Email   string `json:"email"`
	Created string `json:"created"`
}

type dashboard struct {
	Warning     string            `json:"_warning"`
	Branch      string            `json:"branch"`
	LastUpdated string            `json:"last_updated"`
	QuickStatus dashboardStatus   `json:"quick_status"`
	Sections    dashboardSections `json:"sections"`
}

type dashboardStatus struct {
	NewMail        int    `json:"new_mail"`
	OpenedMail     int    `json:"opened_mail"`
	ActivePlans    int    `json:"active_plans"`
	ActionRequired bool   `json:"action_required"`
	Summary        string `json:"summary"`
}

type dashboardSections struct {
	Mail dashboardMail `json:"ai_mail"`
}

type dashboardMail struct {
	ManagedBy string `json:"managed_by"`
	Unread    int    `json:"unread"`
	Total     int    `json:"total"`
}

func (h host) newIdentity(b branch) identity {
	return identity{
		Branch: identityBranch{
			Name:    b.name,
			Path:    h.registeredPath(b),
			Email:   b.address(),
			Created: h.date(120 * day),
		},
		Role: b.about,
	}
}

func (h host) newDashboard(b branch, in *inbox) *dashboard {
	return &dashboard{
		Warning:     "Written by machines. What you change here will not last.",
		Branch:      b.name,
		LastUpdated: h.dashboardDate(b, 2*time.Hour),
		QuickStatus: dashboardStatus{
			NewMail:        in.Unread,
			OpenedMail:     in.Total - in.Unread,
			ActionRequired: in.Unread > 0,
			Summary:        fmt.Sprintf("%d letters wait to be read", in.Unread),
		},
		Sections: dashboardSections{
			Mail: dashboardMail{ManagedBy: "ai_mail", Unread: in.Unread, Total: in.Total},
		},
	}
}

// dashboardDate is a date alone in the legacy generation.
func (h host) dashboardDate(b branch, age time.Duration) string {
	if b.modern {
		return h.iso(age)
	}
	return h.date(age)
}

func readme(b branch) string {
	return fmt.Sprintf("# %s\n\n%s.\n\nMail reaches it at `%s`.\n", b.name, b.about, b.address())
}
