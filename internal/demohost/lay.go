package demohost

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Lay puts the demo host into dir, which must be empty or not there yet. All
// ages are relative to now, and local times are those of its location.
func Lay(dir string, now time.Time) error {
	root, err := emptyDir(dir)
	if err != nil {
		return err
	}
	h := newHost(root, now)
	cast := slices.Concat(legacyCast(), modernCast())
	h.register(cast)
	for _, b := range cast {
		h.settle(b)
		h.archive(b)
	}
	h.plan()
	h.gather()
	if err := h.fallIll(); err != nil {
		return err
	}
	return h.write()
}

// plan adds what belongs to the house rather than to a branch. FLOW has moved to
// the modern generation and left its old plans behind.
func (h host) plan() {
	h.doc(legacyPlans, 30*day, h.newPlans("aipass_core/flow", 3,
		"Fewer meetings", "A meeting about that", "Label the light switches"))
	h.doc(modernPlans, 3*time.Hour, h.newPlans("src/aipass/flow", 2,
		"Number the plans", "Find out who owns step 4", "Build step 5 regardless"))
	h.doc("MEMORY_BANK/memory_bank_json/memory_bank.config.json", 60*day, memoryConfig{
		Rollover: rolloverConfig{
			Defaults:  legacyLimits{MaxLines: 600},
			PerBranch: map[string]legacyLimits{"ASSISTANT": {MaxLines: 800}},
		},
	})
}

// gather leaves AIPass's central counts of the mail as they were a month ago, when
// somebody last sent some by hand.
func (h host) gather() {
	count := centralCount{Service: "ai_mail", LastUpdated: h.date(30 * day), Branches: map[string]mailCount{}}
	h.doc("aipass_os/AI_CENTRAL/AI_MAIL.central.json", 30*day, count)
	h.doc(".ai_central/AI_MAIL.central.json", 30*day, count)
}

type centralCount struct {
	Service     string               `json:"service"`
	LastUpdated string               `json:"last_updated"`
	Branches    map[string]mailCount `json:"branch_stats"`
	Totals      struct {
		Unread   int `json:"total_unread"`
		Messages int `json:"total_messages"`
	} `json:"system_totals"`
}

type mailCount struct {
	Unread int `json:"unread"`
	Total  int `json:"total"`
}

// memoryConfig tells the legacy memory bank how long memory files may grow.
type memoryConfig struct {
	Rollover rolloverConfig `json:"rollover"`
}

type rolloverConfig struct {
	Defaults  legacyLimits            `json:"defaults"`
	PerBranch map[string]legacyLimits `json:"per_branch"`
}

// emptyDir makes dir if need be and returns its absolute path.
func emptyDir(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	if len(entries) > 0 {
		return "", fmt.Errorf("%s is not empty: name a new directory", dir)
	}
	return filepath.Abs(dir)
}
