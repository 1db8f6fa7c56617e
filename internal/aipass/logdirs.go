package aipass

import (
	"path/filepath"
	"strings"
)

// A LogDir is a directory of logs as the look found it.
type LogDir struct {
	Path  string
	Scope LogScope
	// Known says that it is known what is in it, be it nothing.
	Known bool

	branch string         // whose logs these are, in the BranchScope
	owners map[string]int // in the SystemScope
	names  []string       // of owners' branches
}

// LogDirs lists the directories of logs, the host's own first.
func (s *Snapshot) LogDirs() []LogDir {
	dirs := make([]LogDir, 0, len(s.Branches)+1)
	dirs = append(dirs, s.systemLogDir())
	for i := range s.Branches {
		b := &s.Branches[i]
		dirs = append(dirs, LogDir{
			Path: filepath.Join(b.Dir, branchLogs), Scope: BranchScope, branch: b.Name,
			Known: b.Directory.OK() && b.Logs.Known(),
		})
	}
	return dirs
}

func (s *Snapshot) systemLogDir() LogDir {
	d := LogDir{
		Path: s.systemLogs, Scope: SystemScope, Known: s.Registry.OK() && s.SystemLogs.Known(),
		owners: make(map[string]int, len(s.Branches)), names: make([]string, len(s.Branches)),
	}
	for i := range s.Branches {
		d.names[i] = s.Branches[i].Name
		d.owners[strings.ToLower(s.Branches[i].Name)] = i
	}
	for _, skipped := range s.Skipped {
		if i, ok := d.owners[strings.ToLower(skipped.Other)]; ok && skipped.Reason == SameDirectory {
			d.owners[strings.ToLower(skipped.Name)] = i
		}
	}
	return d
}

// Source is whose a log in the directory is, by its file name.
func (d LogDir) Source(log string) LogSource {
	if d.Scope == BranchScope {
		return LogSource{d.branch, BranchScope}
	}
	if i, ok := owner(log, d.owners); ok {
		return LogSource{d.names[i], SystemScope}
	}
	return LogSource{Scope: SystemScope}
}
