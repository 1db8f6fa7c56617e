package demohost

import (
	"fmt"
	"time"
)

const (
	legacyPlans = "aipass_core/flow/flow_json/flow_registry.json"
	modernPlans = "src/aipass/flow/flow_json/fplan_registry.json"
)

type planRegistry struct {
	Plans       map[string]plan `json:"plans"`
	NextNumber  int             `json:"next_number"`
	LastUpdated string          `json:"last_updated"`
}

type plan struct {
	Location     string `json:"location"`
	RelativePath string `json:"relative_path"`
	Created      string `json:"created"`
	Subject      string `json:"subject"`
	Status       string `json:"status"`
	FilePath     string `json:"file_path"`
	TemplateType string `json:"template_type"`
	Closed       string `json:"closed,omitempty"`
	ClosedReason string `json:"closed_reason,omitempty"`
}

// newPlans opens a plan for each subject, in dir, one a day. Those before the
// first open one are closed.
func (h host) newPlans(dir string, firstOpen int, subjects ...string) planRegistry {
	reg := planRegistry{
		Plans:       make(map[string]plan, len(subjects)),
		NextNumber:  len(subjects) + 1,
		LastUpdated: h.utc(3 * time.Hour),
	}
	for i, subject := range subjects {
		number := fmt.Sprintf("%04d", i+1)
		p := plan{
			Location:     h.onDisk(dir),
			RelativePath: "flow",
			Created:      h.utc(dayCount(len(subjects) - i)),
			Subject:      subject,
			Status:       "open",
			FilePath:     h.onDisk(dir + "/FPLAN-" + number + ".md"),
			TemplateType: "default",
		}
		if i+1 < firstOpen {
			p.Status, p.Closed, p.ClosedReason = "closed", h.utc(4*time.Hour), "done"
		}
		reg.Plans[number] = p
	}
	return reg
}
