package aipass

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A Fault is something of a host that a person should put right.
type Fault struct {
	Branch string // "" if it is the host's own
	File   string // the file label
	State  State
	Err    error
	Remedy string
}

// Faults lists what is wrong on the host, host first, then by branch. A file
// that is merely missing is a fault where AIPass cannot work without it.
func (s *Snapshot) Faults() []Fault {
	var faults []Fault
	add := func(branch, file string, h Head) {
		faults = append(faults, Fault{branch, file, h.State(), h.Err, Remedy(file, h.Err)})
	}
	for _, f := range s.HostFiles() {
		if f.Name == RegistryFile && !f.Head.OK() || broken(f.Head) {
			add("", f.Name, f.Head)
		}
	}
	faults = append(faults, skippedFaults(s.Skipped)...)
	faults = append(faults, s.logFaults("")...)
	for i := range s.Branches {
		b := &s.Branches[i]
		if !b.Directory.OK() {
			add(b.Name, "directory", b.Directory)
			continue
		}
		for _, f := range b.Files() {
			if broken(f.Head) || f.Needed && !f.Head.OK() {
				add(b.Name, f.Name, f.Head)
			}
		}
		if broken(b.Agent.Head) {
			add(b.Name, "agent lock", b.Agent.Head)
		}
		faults = append(faults, s.logFaults(b.Name)...)
	}
	return faults
}

func broken(h Head) bool { return !h.OK() && h.State() != Missing }

// logFaults tells of logs that could not be counted, once for each scope.
func (s *Snapshot) logFaults(branch string) []Fault {
	if s.LogCounts == nil {
		return nil
	}
	var faults []Fault
	for _, scope := range LogScopes {
		bad := s.LogCounts.Unreadable[LogSource{branch, scope}]
		if bad.Files == 0 {
			continue
		}
		err := bad.Err
		if more := bad.Files - 1; more > 0 {
			err = fmt.Errorf("%w, and %d more", err, more)
		}
		faults = append(faults, Fault{branch, "log files, " + scope.String(), Unreadable, err, Remedy("", bad.Err)})
	}
	return faults
}

// skippedFaults tells of a few entries for each reason, and how many there are.
func skippedFaults(skipped []Skipped) []Fault {
	const few = 5
	var faults []Fault
	told := map[SkipReason]int{}
	for _, s := range skipped {
		if told[s.Reason]++; told[s.Reason] <= few {
			faults = append(faults, s.fault())
		}
	}
	for _, reason := range SkipReasons {
		if more := told[reason] - few; more > 0 {
			err := fmt.Errorf("registry entries skipped: %s, %d more", reason, more)
			faults = append(faults, Fault{"", "registry entries, " + reason.String(), Malformed, err, skippedRemedy})
		}
	}
	return faults
}

const skippedRemedy = "correct the entry in the registry; of two with one name or directory, one counts"

func (s Skipped) fault() Fault {
	err := fmt.Errorf("registry entry skipped: %s", s.Reason)
	if s.Other != "" {
		err = fmt.Errorf("%w as %s", err, s.Other)
	}
	if s.Path != "" {
		err = fmt.Errorf("%w (%s)", err, s.Path)
	}
	return Fault{s.Name, "registry entry, " + s.Reason.String(), Malformed, err, skippedRemedy}
}

// Remedy says what to do about a file of a label that could not be read.
func Remedy(file string, err error) string {
	switch {
	case errors.Is(err, ErrOutsideRoot):
		return "if the registry is another machine's, say where its paths stand here with --aipass.path-map=FROM=TO"
	case errors.Is(err, context.DeadlineExceeded):
		return "give the run more time with --timeout, or see what makes the disk slow"
	case errors.Is(err, fs.ErrPermission):
		return "run as AIPass's own user, or let this one read the file"
	case errors.Is(err, jsonfile.ErrTooLarge):
		return "see what made it so large, and move it away"
	case errors.Is(err, jsonfile.ErrNotRegular):
		return "move away what stands in the file's place"
	case errors.Is(err, jsonfile.ErrLoneSurrogate):
		return `replace the \ud8xx escape before AIPass writes the file, which would empty it`
	case errors.Is(err, jsonfile.ErrMalformed):
		return "repair the file by hand or from a backup; AIPass cannot read it either"
	case errors.Is(err, fs.ErrNotExist) && file == RegistryFile:
		return "name the AIPass home with --aipass.home or AIPASS_HOME"
	case errors.Is(err, fs.ErrNotExist) && file == InboxLabel:
		return "set AI_Mail up in the branch, or it gets no mail"
	case errors.Is(err, fs.ErrNotExist):
		return "create it, or take the branch out of the registry"
	}
	return "see what the system says of it"
}
