package aipass

import (
	"iter"
	"path/filepath"
	"strings"
)

// A LogDir is a directory of logs as the look found it.
type LogDir struct {
	Path string
	// Known says that it is known what is in it, be it nothing.
	Known bool

	branch string     // whose logs these are, if it is a branch's
	owners *logOwners // else
}

// logOwners are the branches that system logs are named after.
type logOwners struct {
	index map[string]int // of branches, by names in lower case
	names []string
}

// LogDirs lists the directories of logs, the host's own first.
func (s *Snapshot) LogDirs() iter.Seq[LogDir] {
	return func(yield func(LogDir) bool) {
		system := LogDir{Path: s.systemLogs, Known: s.Registry.OK() && s.SystemLogs.Known(), owners: s.logOwners()}
		if !yield(system) {
			return
		}
		for i := range s.Branches {
			b := &s.Branches[i]
			if !yield(LogDir{Path: filepath.Join(b.Dir, branchLogs), Known: b.Directory.OK() && b.Logs.Known(), branch: b.Name}) {
				return
			}
		}
	}
}

func (s *Snapshot) logOwners() *logOwners {
	o := &logOwners{index: make(map[string]int, len(s.Branches)), names: make([]string, len(s.Branches))}
	for i := range s.Branches {
		o.names[i] = s.Branches[i].Name
		o.index[strings.ToLower(o.names[i])] = i
	}
	for _, skipped := range s.Skipped {
		if i, ok := o.index[strings.ToLower(skipped.Other)]; ok && skipped.Reason == SameDirectory {
			o.index[strings.ToLower(skipped.Name)] = i
		}
	}
	return o
}

// Source is whose a log in the directory is, by its file name.
func (d LogDir) Source(log string) LogSource {
	if d.owners == nil {
		return LogSource{d.branch, BranchScope}
	}
	if i, ok := owner(log, d.owners.index); ok {
		return LogSource{d.owners.names[i], SystemScope}
	}
	return LogSource{Scope: SystemScope}
}
