package aipass

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	StrayLogs Logs
	// Incomplete is why branches were not reached; their files are Unreadable.
	Incomplete error
	// LogCounts is nil if nobody counted log messages. Who does sets it before
	// anybody else sees the snapshot.
	LogCounts *LogCounts
	// Recollection is for the next look, nil if the Tree is not Recalling or the
	// look is not whole.
	Recollection *Recollection

	limits     [len(layouts)]limits // by Layout
	systemLogs string               // the directory
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
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if t.alive.Load() > maxLeftBehind {
		cancel(errStillHanging)
	}
	s := &Snapshot{Taken: t.options.Now(), systemLogs: t.path(systemLogs)}
	h := await(ctx, t, (*looker).host, unseenHost)
	s.Registry = worst(h.registries[Modern].Head, h.registries[Legacy].Head)
	s.MemoryConfig = worst(h.limits[Modern].Head, h.limits[Legacy].Head)
	s.limits = [...]limits{Legacy: h.limits[Legacy].Value, Modern: h.limits[Modern].Value}

	plans, logs := make(chan File[Plans], 1), make(chan File[[]Logs], 1)
	go func() { plans <- await(ctx, t, func(l *looker) File[Plans] { return l.plans(&h) }, unseen[Plans]) }()
	go func() {
		logs <- await(ctx, t, func(l *looker) File[[]Logs] { return l.systemLogs(h.branches) }, unseen[[]Logs])
	}()
	var taken []notes
	s.Branches, taken = t.lookAtBranches(ctx, h.dirs, h.branches)
	s.Skipped = h.skipped
	s.addPlans(<-plans)
	s.addLogs(<-logs)
	next := t.recollection.next(s.Branches, taken)
	s.dropDoubles()
	s.Incomplete = s.unreached(ctx)
	if s.Incomplete == nil {
		s.Recollection = next
	}
	return s
}

// unseen is a file that there was no time to look at.
func unseen[T any](why error) File[T] { return File[T]{Head: Head{Err: why}} }

func (s *Snapshot) addPlans(f File[Plans]) { s.PlanRegistry, s.Plans = f.Head, f.Value }

// addLogs gives the branches, which are those that were looked for, their logs.
func (s *Snapshot) addLogs(f File[[]Logs]) {
	s.SystemLogs = f.Head
	for i, logs := range f.Value {
		if i < len(s.Branches) {
			s.Branches[i].SystemLogs = logs
		} else {
			s.StrayLogs = logs
		}
	}
}

// unreached is why the look is not whole, or nil.
func (s *Snapshot) unreached(ctx context.Context) error {
	late := func(h Head) bool {
		return errors.Is(h.Err, context.DeadlineExceeded) || errors.Is(h.Err, context.Canceled) || errors.Is(h.Err, errStillHanging)
	}
	for _, f := range s.HostFiles() {
		if late(f.Head) {
			return fmt.Errorf("look at the host: %w", context.Cause(ctx))
		}
	}
	for i := range s.Branches {
		b := &s.Branches[i]
		files := b.Files()
		if late(b.Agent.Head) || slices.ContainsFunc(files[:], func(f BranchFile) bool { return late(f.Head) }) {
			return fmt.Errorf("look at the branches: %w", context.Cause(ctx))
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
			other.SystemLogs.merge(b.SystemLogs)
			s.Skipped = append(s.Skipped, Skipped{Name: b.Name, Path: b.path, Reason: SameDirectory, Other: other.Name})
		}
	}
	s.Branches = slices.DeleteFunc(s.Branches, func(b Branch) bool { return doubles[b.Name] })
}
