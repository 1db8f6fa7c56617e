package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func registry() Collector {
	return Collector{
		Name: "registry",
		Help: "The registry: how many branches there are, and what each is.",
		Families: []Family{
			gauge("aipass_registry_branches", "Branches in the registry, absent if no registry can be read.", registryBranches),
			gauge("aipass_registry_skipped_entries", "Registry entries that are no branch of their own, by reason.", registrySkipped, "reason"),
			gauge("aipass_branch_info", "A branch as registered, always 1.", ofBranch(branchInfo), "branch", "email", "profile", "status", "layout"),
		},
	}
}

func registryBranches(s *aipass.Snapshot, emit Emitter) {
	if s.Registry.OK() || len(s.Branches) > 0 {
		emit.Value(float64(len(s.Branches)))
	}
}

func registrySkipped(s *aipass.Snapshot, emit Emitter) {
	counts := map[aipass.SkipReason]int{}
	for _, skipped := range s.Skipped {
		counts[skipped.Reason]++
	}
	for _, reason := range aipass.SkipReasons {
		emit.Value(float64(counts[reason]), reason.String())
	}
}

func branchInfo(b *aipass.Branch, emit Emitter) {
	emit.Value(1, b.Name, b.Email, b.Profile, b.Status, b.Layout.String())
}
