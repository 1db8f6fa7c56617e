package aipass

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Snapshot is one look at a host. It is read-only once taken.
type Snapshot struct {
	Taken    time.Time
	Branches []Branch // by name
	Skipped  []Skipped

	// The host's own files, the worse one where there are two.
	Registry     Head
	MemoryConfig Head
	SystemLogs   Head
	PlanRegistry Head
	Plans        Plans
	// StrayLogs are the system logs of no registered branch.
	StrayLogs []Log
	// Incomplete is why branches were not reached; their files are Unreadable.
	Incomplete error

	limits [len(layouts)]limits // by Layout
}

// Branch-independent names, for the file label of host-wide files.
const (
	RegistryFile     = "registry"
	MemoryConfigFile = "memory_config"
	SystemLogsFile   = "system_logs"
	PlansFile        = "plans"
)

// HostFile is one of the host's own files under its label.
type HostFile struct {
	Name string
	Head Head
}

// HostFiles lists the host's own files, in a fixed order.
func (s *Snapshot) HostFiles() []HostFile {
	return []HostFile{
		{RegistryFile, s.Registry},
		{MemoryConfigFile, s.MemoryConfig},
		{SystemLogsFile, s.SystemLogs},
		{PlansFile, s.PlanRegistry},
	}
}

// Snapshot looks at the host once. It returns when everything has been seen
// or ctx ends, even if a file system hangs; what was not reached by then is
// Unreadable, and Incomplete says so. There is always a snapshot: a registry
// that cannot be used is one without branches.
func (t Tree) Snapshot(ctx context.Context) *Snapshot {
	s := &Snapshot{Taken: t.options.Now()}
	h := t.lookAtHost(ctx)
	s.Registry = worst(h.registries[Modern].Head, h.registries[Legacy].Head)
	s.MemoryConfig = worst(h.limits[Modern].Head, h.limits[Legacy].Head)
	s.limits = [...]limits{Legacy: h.limits[Legacy].Value, Modern: h.limits[Modern].Value}
	s.PlanRegistry, s.Plans = h.plans.Head, h.plans.Value
	s.SystemLogs = h.logs.Head

	s.Branches, s.Skipped = t.lookAtBranches(ctx, h.dirs, h.branches), h.skipped
	s.dropDoubles()
	s.attribute(h.logs.Value)
	s.Incomplete = s.unreached(ctx)
	return s
}

// unreached is why the look is not whole, or nil.
func (s *Snapshot) unreached(ctx context.Context) error {
	late := func(err error) bool {
		return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	}
	for _, f := range s.HostFiles() {
		if late(f.Head.Err) {
			return fmt.Errorf("look at the host: %w", context.Cause(ctx))
		}
	}
	for i := range s.Branches {
		for _, f := range s.Branches[i].Files() {
			if late(f.Head.Err) {
				return fmt.Errorf("look at the branches: %w", context.Cause(ctx))
			}
		}
	}
	return nil
}

// dropDoubles keeps one branch of those that share a directory, which would
// count the same mail twice: the one that is registered first.
func (s *Snapshot) dropDoubles() {
	first := map[fileID]*Branch{}
	for i := range s.Branches {
		b := &s.Branches[i]
		if other, taken := first[b.id]; b.id != (fileID{}) && (!taken || b.order < other.order) {
			first[b.id] = b
		}
	}
	doubles := map[string]bool{}
	for i := range s.Branches {
		b := &s.Branches[i]
		if other, taken := first[b.id]; taken && other != b {
			doubles[b.Name] = true
			s.Skipped = append(s.Skipped, Skipped{Name: b.Name, Path: b.path, Reason: SameDirectory, Other: other.Name})
		}
	}
	s.Branches = slices.DeleteFunc(s.Branches, func(b Branch) bool { return doubles[b.Name] })
}

// attribute gives each of the host's logs to the branch that wrote it.
func (s *Snapshot) attribute(logs []Log) {
	index := make(map[string]int, len(s.Branches))
	for i := range s.Branches {
		index[strings.ToLower(s.Branches[i].Name)] = i
	}
	for _, log := range logs {
		if i, ok := owner(log.Name, index); ok {
			s.Branches[i].SystemLogs = append(s.Branches[i].SystemLogs, log)
		} else {
			s.StrayLogs = append(s.StrayLogs, log)
		}
	}
}
